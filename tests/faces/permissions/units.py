"""C2: who may do what with units, their labels, files of them, and what customers register; read as in `table.py`."""

ROWS = """
office:units                         GET      -         ADMSX
office:unit-import                   GET+POST -         AMS
office:unit-new                      GET+POST -         AMS
office:labels                        GET      -         ADMSX
office:labels-pdf                    GET      -         ADMSX
office:unit-batch                    GET      batch     AS
office:unit-batch-refused            GET      batch     AS
office:registrations                 GET      -         AS
office:registration                  GET+POST registration AS
office:unit                          GET      unit      ADMSX
office:unit-edit                     GET+POST unit      AMS
office:label-new                     POST     unit      AMS
portal:register                      GET+POST -         *
portal:unit-register                 GET+POST qr        *
portal:registration                  GET      registered *
api:list_units                       GET      -         ADMSXI
api:import_units                     POST     -         AMS
api:add_unit                         POST     -         AMS
api:get_unit                         GET      unit      ADMSXI
api:put_unit                         PUT      unit      AMS
api:add_label                        POST     unit      AMS
api:get_labels                       GET      -         ADMSXI
api:list_unit_imports                GET      -         AMS
api:add_unit_import                  POST     -         AMS
api:get_unit_import                  GET      batch     AS
api:list_refused_units               GET      batch     AS
api:list_registrations               GET      -         ASI
api:add_registration                 POST     -         ASI
api:get_registration                 GET      registration ASI
api:accept_registration              POST     registration AS
api:refuse_registration              POST     registration AS
"""
