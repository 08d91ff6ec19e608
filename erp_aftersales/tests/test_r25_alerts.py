# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, new_test_user, tagged

from .test_r07_grants import GrantCommon


@tagged("post_install", "-at_install")
class TestAlerts(GrantCommon):
    """Customer and service manager are told once per grant and threshold (R25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "it@customer.example", "lang": "en_US"})
        plan = cls._watched_plan("80, 100")
        cls.contract = cls._watched(cls.customer, plan)

    @classmethod
    def _watched_plan(cls, thresholds, **vals):
        return cls._hourly_plan(
            "Watched",
            coverage=[{"policy": "allowance"}],
            allowances=[cls._allowance(alert_thresholds=thresholds, **vals)],
        )

    @classmethod
    def _watched(cls, customer, plan, **vals):
        with freeze_time("2026-09-01 04:00:00"):
            return cls._contract(
                customer, plan, "2026-09-01", service_manager_id=cls.manager.id, **vals
            )

    def _told(self, contract=None):
        """What the customer was written, oldest first."""
        contract = contract or self.contract
        return contract.message_ids.filtered(
            lambda message: contract.partner_id in message.notified_partner_ids
        ).sorted("id")

    def _activities(self):
        return self.contract.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("erp_aftersales.mail_activity_type_allowance")
            )
        )

    def test_r25_reaching_a_threshold_tells_customer_and_manager(self):
        self._hours(self.contract, "2026-09-05", minutes=60 * 8 - 15)
        self.assertFalse(self._told())
        self._hours(self.contract, "2026-09-06", minutes=15)
        told = self._told()
        self.assertEqual(told.subject, '80 % of "Monthly hours" are used')
        self.assertIn("2 h", told.body)
        self.assertNotIn("&lt;", told.body)
        self.assertIn("09/30/2026", told.body)
        self.assertIn("further work is charged", told.body)
        activity = self._activities()
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.summary, "80 % of Monthly hours are used")
        self.assertEqual(self._month("2026-09-01").aftersales_alerted, 80)

    def test_r25_the_customer_gets_an_e_mail(self):
        self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        notification = self._told().notification_ids.filtered(
            lambda each: each.res_partner_id == self.customer
        )
        self.assertEqual(notification.notification_type, "email")
        mail = self.env["mail.mail"].search([("mail_message_id", "=", self._told().id)])
        self.assertIn("Dear Customer", mail.body_html)

    def test_r25_each_threshold_is_told_once(self):
        self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        self._hours(self.contract, "2026-09-06", minutes=60)
        self.contract.action_aftersales_rate()
        self.assertEqual(len(self._told()), 1)
        self._hours(self.contract, "2026-09-07", minutes=60)
        self._hours(self.contract, "2026-09-08", minutes=60)
        self.assertEqual(len(self._told()), 2)
        self.assertIn("100 %", self._told()[-1].subject)
        self.assertEqual(len(self._activities()), 2)

    def test_r25_of_several_thresholds_at_once_only_the_highest_is_told(self):
        self._hours(self.contract, "2026-09-05", minutes=60 * 12)
        self.assertEqual(
            self._told().mapped("subject"), ['100 % of "Monthly hours" are used']
        )
        self.assertEqual(len(self._activities()), 1)

    def test_r25_use_that_falls_and_rises_again_is_not_told_twice(self):
        ticket = self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        ticket.timesheet_ids.unit_amount = 1
        self.assertEqual(self._month("2026-09-01").used, 1)
        ticket.timesheet_ids.unit_amount = 9
        self.assertEqual(len(self._told()), 1)
        ticket.timesheet_ids.unit_amount = 10
        self.assertEqual(len(self._told()), 2)

    def test_r25_each_period_is_told_of_its_own(self):
        self._hours(self.contract, "2026-09-05", "2026-10-05", minutes=60 * 8)
        self.assertEqual(len(self._told()), 2)

    def test_r25_the_customer_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("erp_aftersales.mail_template_grant_alert")
        template.with_context(
            lang="fr_FR"
        ).subject = "Consommé: {{ object.aftersales_alerted }}"
        self.customer.lang = "fr_FR"
        self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        self.assertEqual(self._told().subject, "Consommé: 80")

    def test_r25_without_service_manager_the_contracts_user_is_told(self):
        user = new_test_user(self.env, "alerts_user", "erp_aftersales.group_user")
        self.contract.write({"service_manager_id": False, "user_id": user.id})
        self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        self.assertEqual(self._activities().user_id, user)

    def test_r25_nobody_answers_for_the_contract_and_work_is_saved_all_the_same(self):
        self.contract.write({"service_manager_id": False, "user_id": False})
        self.customer.email = False
        self.company.email = False
        self._hours(self.contract, "2026-09-05", minutes=60 * 8)
        self.assertEqual(self._month("2026-09-01").aftersales_alerted, 80)
        self.assertFalse(self._activities())

    def test_r25_an_engineer_without_rights_on_contracts_sets_it_off(self):
        user = new_test_user(self.env, "alerts_support", "erp_aftersales.group_user")
        engineer = self._employee("Me", self.grade_senior, user_id=user.id)
        ticket = self._ticket(self.customer, self.contract, user_id=user.id)
        self.env["account.analytic.line"].with_user(user).create(
            {
                "name": "Work",
                "ticket_id": ticket.id,
                "employee_id": engineer.id,
                "date": "2026-09-05",
                "unit_amount": 8,
            }
        )
        self.assertEqual(len(self._told()), 1)
        self.assertEqual(self._told().author_id, self.manager.partner_id)

    def test_r25_packs_and_manual_grants_tell_nobody(self):
        plan = self._hourly_plan("Packs", coverage=[{"policy": "allowance"}])
        contract = self._watched(self._customer("Packs"), plan)
        self.contract = contract
        self._grant(quantity=1, allowance_id=self._watched_plan("80").allowance_ids.id)
        self._hours(contract, "2026-09-05", minutes=60)
        self.assertFalse(self._told(contract))

    def test_r25_a_rollover_is_told_by_its_own_row(self):
        plan = self._watched_plan("80", rollover_periods=1)
        contract = self._watched(self._customer("Rollover"), plan)
        self._hours(contract, "2026-09-05", minutes=60 * 5)
        with freeze_time("2026-10-20 04:00:00"):
            contract.action_aftersales_rate()
            self._hours(contract, "2026-10-05", minutes=60 * 4)
        rollover = contract.grant_ids.filtered(
            lambda g: g.origin == "rollover" and str(g.date_start) == "2026-10-01"
        )
        self.assertEqual((rollover.quantity, rollover.used), (5, 4))
        self.assertEqual(rollover.aftersales_alerted, 80)
        self.assertEqual(len(self._told(contract)), 1)

    def test_r25_a_burn_factor_counts_what_it_takes(self):
        plan = self._hourly_plan(
            "Factor",
            coverage=[{"policy": "allowance"}],
            allowances=[self._allowance(alert_thresholds="50")],
            rates=[{"price": 60, "burn_factor": 1.5}],
        )
        contract = self._watched(self._customer("Factor"), plan)
        self._hours(contract, "2026-09-05", minutes=199)
        self.assertFalse(self._told(contract))
        self._hours(contract, "2026-09-06", minutes=1)  # 200 x 1.5 = 5 h
        self.assertEqual(len(self._told(contract)), 1)

    def test_r25_nothing_to_tell_costs_one_query(self):
        plan = self._hourly_plan(
            "Silent", coverage=[{"policy": "allowance"}], allowances=[self._allowance()]
        )
        contracts = self.env["contract.contract"].browse()
        for index in range(10):
            contracts |= self._watched(self._customer(f"Silent {index}"), plan)
        self.env.flush_all()
        self.env.invalidate_all()
        grants = contracts.sudo().grant_ids
        self.assertEqual(len(grants), 10)
        before = self.env.cr.sql_log_count
        grants._aftersales_alert()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 1)

    def test_r25_watching_many_grants_costs_as_much_as_few(self):
        plan = self.contract.aftersales_plan_id
        queries = []
        for count in (3, 30):
            contracts = self.env["contract.contract"].browse()
            for index in range(count):
                contracts |= self._watched(self._customer(f"{count}.{index}"), plan)
            self.env.flush_all()
            self.env.invalidate_all()
            grants = contracts.sudo().grant_ids
            before = self.env.cr.sql_log_count
            grants._aftersales_alert()
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*queries)
