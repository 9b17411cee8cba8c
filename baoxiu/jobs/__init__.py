"""Background work: rows with a due time, leased by a worker, tried again, never lost, never done twice.

What a job does lies in the rooms; which jobs there are stands in `faces/common/jobs.py`.
"""
