"""C4.3: the planning core – pure Python and numpy, no Django, no database. What the room and the faces use:

    model.Day(engineers, jobs, travel, date, goals, links, places)    what is to be planned; integer seconds
    model.Plan(routes)                         engineer id -> job ids in order (or STOCKROOM)
    matrices.build(day)                        ok / extra / penalty arrays, once per day; `.hopeless()`
    matrices.why_not(day, engineer, job)       reasons (code, Text zh/en) why not
    referee.check(day, plan, m=None)           Verdict: .ok .violations .cost(.total and terms) .routes[e]
                                               (Timed: departure, home, travel, working, overtime, lunch, visits())
                                               .visits[job] (arrival, start, end, travel) .unserved
    insertion.Board(m, plan).best(job, top=5)  cheapest places: Option(engineer, position, cost, travel, start).into(plan, job)
                      .replace(engineer, stops) after a change; `visitor=` for a job that is not of the day
    worker.solve(day, limit=Limit(seconds=… or iterations=…), start=plan, processes=1)    a plan, made in a worker process
                                               with time and memory limits and kept warm; raises worker.Failed
    solve.solve(day, limit=…, start=plan)      the same in this process: imports numba, 150 MB; not for pages
    repair.steady(m, plan, told)               holds starts back to the times already told, where the day allows
    explain.assignment(m, plan, job)           Why: binding rules, slack, eligible engineers, runner-up and its price
    explain.why_not(m, plan, job, engineer)    WhyNot: faults, or the price of overriding (and what gives way)
    explain.unserved(m, plan, job)             reasons, the most telling first
    travel.GreatCircle / Table / MatrixFile / Osrm, travel.matrix()         seconds between (lat, lon) points
    formats.read(path)                         benchmark files and our JSON day; formats.day_json.read / write / schema

Stability: set `Job.planned` to the engineer in force and `Goals.stability`. A started or driven-to job leaves the day and
the engineer's `start` and `shift[0]` move to its end. A lock on the engineer is `Job.locked`, a lock on the time a narrow
window; a promised appointment is a window. Publish nothing unless `referee.check(...).ok`.
"""
