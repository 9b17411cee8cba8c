"""Who may do what: one line for every address and every operation. A route without a line fails the tests.

route     its name in the URL configuration; for the API `api:` and the operationId
method    GET, POST, PUT, DELETE; `GET+POST` for a form
object    what the address names, if anything: case customer unit file staff station van stockroom roads team skill model key job target message letter
          procedure qr batch registration registered (its sender's page); track quote rate: the token of a personal link (handed: of a case handed over);
          `-` none. Each actor tries one's own, another's and one that is not there (see ground.py)
who       for whom it opens on one's own: A agent, D dispatcher, E engineer, H station head, K stock keeper,
          M account manager, S manager, X administrator, I company's key, L Q R a link to track, quote, rate.
          `*` anybody, `.` nobody. Everybody else must be refused (401, 403, 404 or sent to sign in).
more      `name=value` for other parts of the address (`@contact`: the contact that goes with the object),
          `+name=value` for what a form says

To add a route: add its line. Another's case, customer, unit or file is also open to A, D and S (they see
all; X sees all units); another's staff, station and what else belongs to nobody to everybody in the line.
"""

from tests.faces.permissions.planning import PLANNING
from tests.faces.permissions.supervision import SUPERVISION

ROWS = (
    """
# -- common
common:front                         GET      -         ADEHKMSX
common:demo-sign-in                  POST     -         .
common:mailbox                       GET      -         .
common:files                         POST     -         ADEHKMSX
common:file                          GET      file      ADEHKMS
common:sheet                         GET      case      ADEHKMS
common:receipt                       GET      case      ADEHMS pk=@booking
common:certificate                   GET      case      ADEHKMS
common:certificate-json              GET      case      ADEHKMS
common:language                      POST     -         *
common:health                        GET      -         *
common:style                         GET      -         SX
common:manual                        GET      -         ADEHKMSX
common:manual-page                   GET      -         ADEHKMSX name=C4.1
common:manual-picture                GET      -         ADEHKMSX name=board-zh.png
office:start                         GET      -         SX
common:invitation                    GET      -         . token=nobody
common:invitation                    POST     -         . token=nobody
account_login                        GET      -         *
account_login                        POST     -         *
account_logout                       GET      -         *
account_logout                       POST     -         *
account_inactive                     GET      -         *
account_change_password              GET      -         ADEHKMSX
account_set_password                 GET+POST -         ADEHKMSX
account_change_password              POST     -         ADEHKMSX
account_reset_password               GET      -         *
account_reset_password               POST     -         *
account_reset_password_done          GET      -         *
account_reset_password_from_key_done GET      -         *
account_reset_password_from_key      GET      -         * uidb36=1 key=x
account_reset_password_from_key      POST     -         * uidb36=1 key=x
# -- desk
desk:inbox                           GET      -         ADMS
desk:inbox-rows                      GET      -         ADMS
desk:inbox-export                    GET      -         ADMS
desk:ownership                       POST     -         ADMS
desk:search                          GET      -         ADMS
desk:phone                           GET      -         ADMS
desk:phone                           POST     -         ADMS
desk:caller                          GET      -         ADMS
desk:duplicates                      POST     -         ADMS
desk:cases                           GET      -         ADMS
desk:cases-export                    GET      -         ADMS
desk:case                            GET      case      ADMS
desk:glance                          GET      case      ADMS
desk:timeline                        GET      case      ADMS
desk:conformance                     GET      case      ADMS
desk:entitlement                     GET      case      ADMS
desk:contacts                        POST     case      ADMS +reason=call
desk:messages                        GET      case      ADMS
desk:message-retry                   POST     case      ADMS pk=@message
desk:links                           POST     case      ADMS
desk:follow-ups                      GET      -         ADMS
desk:loaners                         GET      -         ADMS
desk:alarms                          GET      -         ADMS
desk:alarm-seen                      POST     alarm     S
desk:clocks                          GET      case      ADMS
desk:step                            GET      case      ADMS noun=reply
desk:step                            POST     case      ADMS noun=reply
# -- field
field:today                          GET      -         E
field:job                            GET      case      E
field:consent                        GET+POST case      E
field:step                           GET      case      E noun=note
field:step                           POST     case      E noun=note
# -- bench
bench:queue                          GET      -         EHK
bench:loaners                        GET      -         EHK
bench:case                           GET      case      EHK
bench:label                          GET      case      EH
bench:step                           GET      case      EHK noun=note
bench:step                           POST     case      EHK noun=note
# -- office
office:home                          GET      -         ADMSX
office:procedure                     GET      -         SX
office:levels                        GET      -         SX
office:level-new                     GET+POST -         SX
office:level                         GET+POST level     SX
office:level-remove                  POST     level     SX
office:level-up                      POST     level     SX
office:calendar-new                  GET+POST -         SX
office:calendar                      GET+POST calendar  SX
office:holidays                      GET+POST table     SX year=2026
office:contract-new                  GET+POST -         SX
office:contract                      GET+POST contract  SX
office:mailbox                       GET      -         S
office:customers                     GET      -         ADMS
office:customer-new                  GET+POST -         AMS
office:customer                      GET      customer  ADMS
office:customer-edit                 GET+POST customer  AMS
office:customer-manager              GET+POST customer  S
office:customer-contact              GET+POST customer  AMS
office:contact-remove                POST     customer  AMS part=@contact
office:customer-person               GET+POST customer  AMS
office:person-remove                 POST     customer  AMS part=@person
office:customer-site                 GET+POST customer  AMS
office:site-edit                     GET+POST customer  AMS part=@site
office:staff                         GET      -         DSX
office:staff-new                     GET+POST -         X
office:absences                      GET      -         DSX
office:colleague                     GET      staff     DSX
office:colleague-edit                GET+POST staff     X
office:colleague-invite              POST     staff     X
office:colleague-activity            POST     staff     X
office:colleague-absence             GET+POST staff     DSX
office:absence-remove                POST     staff     DSX part=@absence
office:colleague-skill               GET+POST staff     SX
office:skill-remove                  POST     staff     SX part=@staffskill
office:stations                      GET      -         DSX
office:station-new                   GET+POST -         X
office:station                       GET+POST station   X
office:team-new                      GET+POST -         X
office:team                          GET+POST team      X
office:skill-new                     GET+POST -         X
office:skill                         GET+POST skill     X
office:keys                          GET      -         X
office:key-new                       GET+POST -         X
office:key-revoke                    POST     key       X
office:access                        GET      -         X
office:access-export                 GET      -         X
api:list_contact_reveals             GET      -         X
office:messages                      GET      -         SX
office:channel                       GET+POST -         SX name=sms
office:target-new                    GET+POST -         SX
office:target                        GET+POST target    SX
office:target-remove                 POST     target    SX
office:wording                       GET+POST -         SX channel=email event=quote language=zh
office:models                        GET      -         ADMSX
office:model-new                     GET+POST -         SX
office:model                         GET      model     ADMSX
office:model-edit                    GET+POST model     SX
office:money                         GET      -         S
office:prices                        GET      -         ADMSX
office:price-new                     GET+POST -         S
office:price-list                    GET      prices    ADMSX
office:price-sheet                   GET      prices    ADMSX
office:price-upload                  GET+POST prices    S
office:price-head                    GET+POST prices    S
office:price-publish                 GET+POST prices    S
office:price-discard                 POST     prices    S
office:price-item-new                GET+POST prices    S
office:price-item                    GET+POST prices    S part=@price
office:price-item-remove             POST     prices    S part=@price
# -- portal
portal:request                       GET      -         *
portal:request                       POST     -         *
portal:warranty                      GET      -         *
portal:warranty                      POST     -         *
portal:unit                          GET      qr        *
portal:unit-request                  GET      qr        *
portal:unit-request                  POST     qr        *
portal:track                         GET      track     *
portal:sheet                         GET      handed    *
portal:received                      GET      track     *
portal:act                           POST     track     * noun=message
portal:pay                           GET      track     .
portal:receipt                       GET      track     * pk=@booking
portal:payment-notice                POST     -         *
portal:quote                         GET      quote     *
portal:answer                        POST     quote     * noun=accept
portal:unsubscribe                   GET      letter    *
portal:unsubscribe                   POST     letter    *
portal:rating                        GET      rate      *
portal:rating                        POST     rate      *
# -- api
api:openapi                          GET      -         *
api:docs                             GET      -         *
api:nothing                          GET      -         .
api:step_reply                       POST     case      ADEHMS
api:step_message                     POST     case      LQAI
api:step_note                        POST     case      ADEHKMS
api:step_call                        POST     case      ADEHMS
api:step_give_link                   POST     case      ADMS
api:step_revoke_link                 POST     case      ADMS
api:step_call_attempt                POST     case      ADEHMS
api:step_chase                       POST     case      LAI
api:step_escalate                    POST     case      S
api:step_retime                      POST     case      S
api:step_correct                     POST     case      ADS
api:step_take_over                   POST     case      ADS
api:step_hold                        POST     case      ADEHMS
api:step_resume                      POST     case      ADEHMS
api:step_merge                       POST     case      AS
api:step_withdraw                    POST     case      LASI
api:step_withdraw_return             POST     case      LASI
api:step_triage                      POST     case      A
api:step_override_cover              POST     case      S
api:step_advise                      POST     case      A
api:step_confirm                     POST     case      LAI
api:step_assign                      POST     case      D
api:step_promise_window              POST     case      ADL
api:step_accept_promised             POST     case      E
api:step_need_parts                  POST     case      ADEKMS
api:step_assign_station              POST     case      D
api:step_accept                      POST     case      E
api:step_decline                     POST     case      E
api:step_reassign                    POST     case      DS
api:step_substitute                  POST     case      DS
api:step_appoint                     POST     case      ADEL
api:step_set_out                     POST     case      E
api:step_check_in                    POST     case      E
api:step_customer_absent             POST     case      E
api:step_ship_in                     POST     case      LAHI
api:step_receive                     POST     case      EH
api:step_take_on                     POST     case      EH
api:step_to_depot                    POST     case      E
api:step_to_site                     POST     case      EH
api:step_diagnose                    POST     case      EH
api:step_quote                       POST     case      AEH
api:step_accept_quote                POST     case      QAEI
api:step_decline_quote               POST     case      QAI
api:step_revise_quote                POST     case      AEH
api:step_submit_quote                POST     case      AEH
api:step_approve_quote               POST     case      S
api:step_return_quote                POST     case      AEHS
api:step_record_payment              POST     case      AEHS
api:step_refund                      POST     case      S
api:list_bookings_of_case            GET      case      LADEHMSI
api:get_balance                      GET      case      LADEHMSI
api:get_repair_clock                 GET      case      LADEHKMSI
api:get_receipt                      GET      case      LADEHMSI id=@booking
api:get_money                        GET      -         S
api:step_contest                     POST     case      LQAI
api:step_uphold                      POST     case      MS
api:step_concede                     POST     case      MS
api:step_reduce_bill                 POST     case      MS
api:step_start_work                  POST     case      EH
api:step_work                        POST     case      EH
api:step_replace                     POST     case      EH
api:step_pass_test                   POST     case      EH
api:step_fail_test                   POST     case      EH
api:step_condemn                     POST     case      EH
api:step_lend                        POST     case      AEH
api:step_return_loaner               POST     case      AEHS
api:list_loans_of_case               GET      case      ADEHKMS
api:list_loaners                     GET      -         ADEHKMS
api:step_settle_limit                POST     case      LASI
api:step_wait_parts                  POST     case      EH
api:step_parts_arrived               POST     case      EHK
api:step_return_visit                POST     case      DEK
api:step_hand_over                   POST     case      E
api:step_ship_out                    POST     case      EH
api:step_deliver                     POST     case      LAEHI
api:step_collect                     POST     case      AEH
api:step_follow_up                   POST     case      E
api:step_follow_up_missed            POST     case      E
api:step_follow_up_later             POST     case      E
api:step_final_later                 POST     case      AMS
api:step_waive_follow_up             POST     case      AS
api:step_final_follow_up             POST     case      AMS
api:step_final_missed                POST     case      AMS
api:step_waive_final                 POST     case      AS
api:step_reopen                      POST     case      LAEMSI
api:step_rate                        POST     case      R
api:step_close                       POST     case      AS
api:list_work_orders_of_case         GET      case      ADEHKMS
api:list_suggestions_of_case         GET      case      DS
api:list_stations_of_case            GET      case      DS
api:list_similar_of_case             GET      case      ADEHKMS
api:list_duplicates_of_case          GET      case      ADMS
api:list_quotes_of_case              GET      case      LQADEHMSI
api:list_parcels_of_case             GET      case      LADEHKMSI
api:list_receipts_of_case            GET      case      ADEHKMS
api:list_diagnoses_of_case           GET      case      ADEHKMS
api:list_work_of_case                GET      case      ADEHKMS
api:list_swaps_of_case               GET      case      ADEHKMS
api:list_verdicts_of_case            GET      case      ADEHMS
api:list_follow_ups_of_case          GET      case      ADEHMS
api:list_ratings_of_case             GET      case      ADEHMS
api:list_messages_of_case            GET      case      ADMS
api:list_cases                       GET      -         ADEHKMSXI
api:register                         POST     -         AEHMSI
api:get_case                         GET      case      LQADEHKMSI
api:list_duties                      GET      -         ADEHKMSX
api:list_journal                     GET      case      LADEHKMSI
api:add_attachment                   POST     -         LQRADEHKMSXI
api:get_service_sheet                GET      case      ADEHKMS
api:get_conformance                  GET      case      ADEHKMS
api:get_certificate                  GET      case      ADEHKMS
api:get_certificate_pdf              GET      case      ADEHKMS
api:get_attachment                   GET      file      LQRADEHKMSI
api:list_links                       GET      case      ADMS
api:add_link                         POST     case      ADMS
api:delete_link                      DELETE   case      ADMS purpose=track
api:get_procedure                    GET      -         ADEHKMSXI
api:list_procedures                  GET      -         ADEHKMSXI
api:get_procedure_version            GET      procedure ADEHKMSXI
api:list_decisions_of_case           GET      case      ADEHMS
api:list_models                      GET      -         ADEHKMSX
api:add_model                        POST     -         SX
api:get_model                        GET      model     ADEHKMSX
api:put_model                        PUT      model     SX
api:get_service_levels               GET      -         ADMSX
api:put_service_levels               PUT      -         SX
api:list_service_level_versions      GET      -         ADMSX
api:list_contracts                   GET      -         ADMSX
api:add_contract                     POST     -         SX
api:put_contract                     PUT      contract  SX
api:list_alarms                      GET      -         ADMS
api:delete_alarm                     DELETE   alarm     S
api:list_clocks                      GET      case      ADMS
api:list_customers                   GET      -         ADMSI
api:add_customer                     POST     -         AMS
api:get_customer                     GET      customer  ADMSI
api:put_customer                     PUT      customer  AMS
api:put_account_manager              PUT      customer  S
api:add_contact                      POST     customer  AMS
api:delete_contact                   DELETE   customer  AMS part=@contact
api:add_person                       POST     customer  AMS
api:delete_person                    DELETE   customer  AMS part=@person
api:add_site                         POST     customer  AMS
api:put_site                         PUT      customer  AMS part=@site
api:ask_entitlement                  POST     -         ADEHKMSI
api:list_callers                     GET      -         ADMS
api:list_duplicates                  GET      -         ADMS
api:change_owners                    POST     -         ADMS
api:list_keys                        GET      -         X
api:add_key                          POST     -         X
api:delete_key                       DELETE   key       X
api:list_jobs                        GET      -         X
api:list_first_steps                 GET      -         SX
api:retry_job                        POST     job       X
api:list_wordings                    GET      -         SX
api:put_wording                      PUT      -         SX
api:preview_wording                  POST     -         SX
api:list_channels                    GET      -         SX
api:put_channel                      PUT      -         SX
api:list_targets                     GET      -         SX
api:add_target                       POST     -         SX
api:put_target                       PUT      target    SX
api:delete_target                    DELETE   target    SX
api:retry_message                    POST     message   ADMS
api:list_staff                       GET      -         DSX
api:add_staff                        POST     -         X
api:get_staff                        GET      staff     DSX
api:put_staff                        PUT      staff     X
api:add_invitation                   POST     staff     X
api:put_activity                     PUT      staff     X
api:add_absence                      POST     staff     DSX
api:delete_absence                   DELETE   staff     DSX part=@absence
api:set_skill                        POST     staff     SX
api:delete_skill                     DELETE   staff     SX part=@staffskill
api:list_stations                    GET      -         ADEHKMSX
api:add_station                      POST     -         X
api:put_station                      PUT      station   X
api:list_teams                       GET      -         ADEHKMSX
api:add_team                         POST     -         X
api:put_team                         PUT      team      X
api:list_skills                      GET      -         ADEHKMSX
api:add_skill                        POST     -         X
api:put_skill                        PUT      skill     X
api:get_diagram                      GET      -         ADEHKMSXI
"""
    + PLANNING
    + SUPERVISION
)
