"""C4.3: the lines of planning; how they are read stands in `table.py`."""

PLANNING = """
desk:board                           GET      -         DS
desk:board-day                       GET      -         DS
desk:board-preview                   GET      -         DS
desk:board-why                       GET      -         DS number=BX-2600-000001
desk:board-act                       POST     -         DS verb=discard
field:route                          GET      -         E
office:planning                      GET      -         DSX
office:travel                        GET      -         DSX
office:travel                        POST     -         DSX
office:crossing                      GET+POST -         SX
office:roads-use                     POST     roads     SX
office:roads-remove                  POST     roads     SX
api:list_crossings                   GET      -         DSX
api:put_crossing                     PUT      -         SX
api:list_roads                       GET      -         DSX
api:add_roads                        POST     -         SX
api:use_roads                        PUT      roads     SX
api:delete_roads                     DELETE   roads     SX
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
field:fetch                          POST     -         E
office:parts                         GET      -         HKDSX
office:holdings                      GET      staff     HKDSX kind=van
office:holdings                      GET      station   HKDSX kind=stockroom
office:holding                       GET+POST van       HKDSX kind=van
office:holding                       GET+POST stockroom HKDSX kind=stockroom
office:holding-remove                POST     van       HKDSX kind=van part=@carried
office:holding-remove                POST     stockroom HKDSX kind=stockroom part=@stocked
office:stock-move                    GET+POST van       HKDSX kind=van
office:stock-move                    GET+POST stockroom HKDSX kind=stockroom
desk:reservations                    GET+POST case      ADMS
field:van                            GET      -         E
api:get_van                          GET      -         E
api:list_van_moves                   GET      staff     HKDSX
api:move_van_stock                   POST     van       HKDSX
api:list_stockroom_moves             GET      station   HKDSX
api:move_stockroom_stock             POST     stockroom HKDSX
api:list_reservations                GET      case      ADEKMS
api:reserve_part                     POST     case      ADEKMS
api:release_part                     DELETE   case      ADEKMS id=1
api:list_van                         GET      staff     HKDSX
api:count_van                        POST     van       HKDSX
api:delete_van_part                  DELETE   van       HKDSX part=@carried
api:list_stockroom                   GET      station   HKDSX
api:count_stockroom                  POST     stockroom HKDSX
api:delete_stockroom_part            DELETE   stockroom HKDSX part=@stocked
api:get_needs                        GET      case      ADEKMS
api:put_needs                        PUT      case      ADEKMS
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
