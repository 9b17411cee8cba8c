"""C7: rows of the table for published terms, prices over the API and the law's rules; read as part of it."""

ROWS = """
office:warranty                      GET      -         ADMSX
office:warranty-new                  POST     -         SX
office:warranty-terms                GET      warranty  ADMSX
office:warranty-edit                 GET+POST warranty  SX
office:warranty-publish              GET+POST warranty  SX
office:warranty-discard              POST     warranty  SX
office:warranty-withdraw             GET+POST warranty  SX
portal:terms                         GET      -         *
portal:terms-version                 GET      -         * number=0
portal:terms-document                GET      -         * number=0
office:rules                         GET      -         ADMSX
office:rule-switch                   GET+POST -         SX
api:list_warranty_terms              GET      -         ADEHMSX
api:add_warranty_terms               POST     -         SX
api:get_warranty_terms               GET      warranty  ADEHMSX
api:put_warranty_terms               PUT      warranty  SX
api:delete_warranty_terms            DELETE   warranty  SX
api:get_warranty_changes             GET      warranty  ADEHMSX
api:get_warranty_impact              GET      warranty  SX
api:publish_warranty_terms           POST     warranty  SX
api:withdraw_warranty_terms          POST     warranty  SX
api:list_announced_terms             GET      -         ADEHKMSXIL
api:list_entitlement_rules           GET      -         ADEHMSX
api:list_rule_switches               GET      -         ADEHMSX
api:switch_rule                      POST     -         SX
api:list_price_lists                 GET      -         ADEHMSX
api:add_price_list                   POST     -         S
api:get_price_list                   GET      prices    ADEHMSX
api:put_price_list                   PUT      prices    S
api:delete_price_list                DELETE   prices    S
api:put_price_items                  PUT      prices    S
api:list_price_changes               GET      prices    ADEHMSX
api:get_price_sheet                  GET      prices    ADEHMSX
api:load_price_rows                  POST     prices    S
api:publish_price_list               POST     prices    S
"""
