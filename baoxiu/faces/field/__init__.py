"""工程师端: today and one job, phone first."""
