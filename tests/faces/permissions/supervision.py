"""Oversight (C5.2, C6.2): who may do what. The columns are those of table.py."""

SUPERVISION = """
common:certificate-key               GET      -         *
office:dashboard                     GET      -         S
office:board                         GET      -         ADMS
office:acknowledge                   POST     -         . pk=999999
office:board-behind                  GET      -         ADMS by=all key=all state=late
office:chain                         GET+POST -         S
office:figures-export                GET      -         S form=csv
office:behind                        GET      -         S name=response part=miss
office:conformance                   GET      -         S
office:in-clause                     GET      -         S clause=C4.2 outcome=broken
office:jobs                          GET      -         X
office:job-retry                     POST     job       X
api:get_figures                      GET      -         S
api:list_breaches                    GET      -         ADS
api:acknowledge_breach               POST     -         . id=999999
api:list_board_duties                GET      -         ADMS by=all key=all state=late
api:get_chain                        GET      -         S
api:put_chain                        PUT      -         S
api:list_cases_of_figure             GET      -         S name=response part=miss
api:get_conformance_of_period        GET      -         S
api:list_cases_of_clause             GET      -         S clause=C4.2 outcome=broken
portal:alarm                         GET      -         . token=nobody
portal:alarm                         POST     -         . token=nobody
common:reach                         GET      -         ADEHKMSX
common:reach                         POST     -         ADEHKMSX
common:reach-test                    POST     -         ADEHKMSX
office:channel-test                  POST     -         SX name=email
office:target-test                   POST     target    SX
api:get_reach                        GET      -         ADEHKMSX
api:put_reach                        PUT      -         ADEHKMSX
api:try_reach                        POST     -         ADEHKMSX
api:try_channel                      POST     -         SX
api:try_target                       POST     target    SX
office:event-logs                    GET+POST -         S
office:event-log                     GET      -         . pk=999999
api:list_event_logs                  GET      -         S
api:add_event_log                    POST     -         S
api:get_event_log                    GET      -         . id=999999
api:get_event_log_file               GET      -         . id=999999
"""
