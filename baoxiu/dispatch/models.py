"""The room keeps no rows of its own: jobs are `cases.WorkOrder`."""
