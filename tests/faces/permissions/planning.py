"""C4.3: the lines of planning; how they are read stands in `table.py`."""

PLANNING = """
desk:board                           GET      -         DS
desk:board-day                       GET      -         DS
desk:board-preview                   GET      -         DS
desk:board-why                       GET      -         DS number=BX-2600-000001
desk:board-act                       POST     -         DS verb=discard
field:route                          GET      -         E
office:planning                      GET      -         DSX
office:policy-new                    GET+POST -         SX
office:policy                        GET+POST policy    SX
office:policy-use                    POST     policy    DSX
office:territory-new                 GET+POST -         SX
office:territory                     GET+POST territory SX
office:colleague-hours               GET+POST staff     DSX
office:hours-remove                  POST     staff     DSX part=@hours
office:colleague-territory           GET+POST staff     DSX
office:territory-leave               POST     staff     DSX part=@area
office:customer-wish                 GET+POST customer  AMS
office:wish-remove                   POST     customer  AMS part=@wish
portal:window                        GET      track     *
portal:window                        POST     track     *
api:list_windows                     GET      case      LADES
api:hold_window                      POST     case      LADES
api:get_reasons                      GET      -         DS date=20261102 number=BX-2600-000001
api:get_board                        GET      -         ADMS
api:set_hours                        POST     staff     DSX
api:delete_hours                     DELETE   staff     DSX part=@hours
api:list_territories                 GET      -         DSX
api:add_territory                    POST     -         SX
api:put_territory                    PUT      territory SX
api:join_territory                   POST     staff     DSX
api:leave_territory                  DELETE   staff     DSX part=@area
api:add_wish                         POST     customer  AMS
api:delete_wish                      DELETE   customer  AMS part=@wish
api:list_policies                    GET      -         DSX
api:add_policy                       POST     -         SX
api:put_policy                       PUT      policy    SX
api:use_policy                       PUT      policy    DSX
api:get_day                          GET      -         DS date=20261102
api:move_job                         POST     -         DS date=20261102
api:request_plan                     POST     -         DS date=20261102
api:mend_plan                        POST     -         DS date=20261102
api:publish_plan                     POST     -         DS date=20261102
"""
