# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .knowledge_common import KnowledgeCommon


class ProblemCommon(KnowledgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closed = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.category = cls.env["helpdesk.ticket.category"].create({"name": "Finance"})

    def _three(self, **vals):
        """Three tickets of two customers that mean the same."""
        names = ("Invoices hang", "An invoice hangs", "Our invoices hang again")
        partners = (self.customer, self.customer, self.other_customer)
        return self.env["helpdesk.ticket"].concat(
            *(
                self._asked(name, partner, **vals)
                for name, partner in zip(names, partners, strict=True)
            )
        )

    def _problem(self, tickets=None, **vals):
        problem = self.env["aftersales.problem"].create(
            {"name": "Invoices hang", **vals}
        )
        if tickets:
            tickets.problem_id = problem
        return problem

    def _group(self, tickets, user=None):
        action = tickets.with_user(user or self.user).action_aftersales_group()
        return Form(
            self.env["aftersales.problem.group"]
            .with_user(user or self.user)
            .with_context(**action["context"])
        )


@tagged("post_install", "-at_install")
class TestProblem(ProblemCommon):
    def test_d6_selected_tickets_become_a_problem(self):
        tickets = self._three(category_id=self.category.id)
        with self._group(tickets) as form:
            self.assertFalse(form.problem_id)
            self.assertEqual(form.name, "Invoices hang")
            form.name = "Invoices hang since 13.0"
        action = form.record.action_confirm()
        problem = tickets.problem_id
        self.assertEqual(action["res_id"], problem.id)
        self.assertEqual(problem.name, "Invoices hang since 13.0")
        self.assertEqual(problem.ticket_ids, tickets)
        self.assertEqual(problem.service_id, self.service_support)
        self.assertEqual(problem.category_id, self.category)
        self.assertEqual(problem.user_id, self.user)
        self.assertTrue(problem.number.startswith("PB"))
        self.assertIn(problem.number, problem.display_name)

    def test_d6_similar_open_tickets_are_proposed_on_the_ticket(self):
        tickets = self._three()
        self._asked("The password is forgotten")
        self._asked("Invoices hang", stage_id=self.closed.id)
        self._asked("Invoices hang", service_id=self.service_dev.id)
        first = tickets[0].with_user(self.user)
        self.assertEqual(first.aftersales_similar_ids, tickets[1:])
        self.assertEqual(first.aftersales_similar_count, 2)
        domain = first.action_view_aftersales_similar()["domain"]
        self.assertEqual(self.env["helpdesk.ticket"].search(domain), tickets)
        action = first.action_aftersales_group_similar()
        ids = action["context"]["default_ticket_ids"][0][2]
        self.assertEqual(set(ids), set(tickets.ids))
        tickets.problem_id = self._problem()
        self.assertFalse(first.aftersales_similar_ids)

    def test_d6_similar_tickets_are_proposed_while_one_is_typed(self):
        tickets = self._three()
        form = Form(self.env["helpdesk.ticket"].with_user(self.user))
        form.partner_id = self.customer
        form.name = "Invoices hang"
        self.assertEqual(form.aftersales_similar_count, 3)
        self.assertEqual(set(form.aftersales_similar_ids[:].ids), set(tickets.ids))

    def test_d6_a_ticket_joins_the_problem_of_those_like_it(self):
        tickets = self._three()
        problem = self._problem(tickets[:2])
        form = self._group(tickets[2] | tickets[0])
        self.assertEqual(form.problem_id, problem)
        form.save().action_confirm()
        self.assertEqual(problem.ticket_ids, tickets)

    def test_d6_the_problem_proposes_open_tickets_like_it(self):
        tickets = self._three()
        self._asked("The password is forgotten")
        problem = self._problem(tickets[0], service_id=self.service_support.id)
        self.assertEqual(problem.similar_ticket_ids, tickets[1:])
        joined = tickets[1].with_context(aftersales_problem_id=problem.id)
        joined.action_aftersales_join()
        self.assertEqual(problem.similar_ticket_ids, tickets[2])
        problem.action_add_similar()
        self.assertEqual(problem.ticket_ids, tickets)
        self.assertFalse(problem.similar_ticket_ids)

    def test_d6_chinese_tickets_are_alike(self):
        first = self._asked("数电发票一直处理中")
        second = self._asked("昨天开的发票还在处理中")
        self._asked("忘记登录密码")
        self.assertEqual(first.aftersales_similar_ids, second)

    def test_d6_figures_count_all_tickets_and_their_work(self):
        tickets = self._three()
        tickets[1].user_id = self.manager
        line = self._work(tickets[1], self.senior, "2026-09-02", 90)
        self._charge(line, amount=150.0)
        tickets[2].stage_id = self.closed
        problem = self._problem(tickets).with_user(self.user)
        self.assertEqual(problem.ticket_count, 3)
        self.assertEqual(problem.customer_count, 2)
        self.assertEqual(problem.open_ticket_count, 2)
        self.assertEqual(problem.hours_worked, 1.5)
        self.assertEqual(problem.with_user(self.billing).cost, 150.0)
        self.assertNotIn("cost", problem.fields_get())
        domain = problem.action_view_tickets()["domain"]
        self.assertEqual(self.env["helpdesk.ticket"].search_count(domain), 3)

    def test_d6_an_archived_ticket_counts_and_is_not_open(self):
        tickets = self._three()
        problem = self._problem(tickets)
        tickets[0].active = False
        self.assertEqual((problem.ticket_count, problem.open_ticket_count), (3, 2))

    def test_d6_figures_of_many_problems_cost_no_more_queries(self):
        def read(problems):
            fields = ["open_ticket_count", "hours_worked", "cost"]
            return lambda: problems.read(fields)

        problems = self.env["aftersales.problem"].concat(
            *(self._problem(self._three()) for _n in range(5))
        )
        read(problems)()
        few = self._queries(read(problems[:1]))
        self.assertEqual(self._queries(read(problems)), few)

    def test_d6_many_similar_tickets_cost_as_many_queries_as_few(self):
        first = self._three()[0]

        def similar():
            first.read(["aftersales_similar_count"])

        similar()
        few = self._queries(similar)
        for _n in range(10):
            self._three()
        self.assertEqual(self._queries(similar), few)

    def test_d6_task_force_and_owner_follow_the_problem(self):
        problem = self._problem(user_ids=[Command.link(self.billing.id)])
        problem.user_id = self.manager
        followers = problem.message_partner_ids
        self.assertIn(self.billing.partner_id, followers)
        self.assertIn(self.manager.partner_id, followers)

    def test_d6_a_problem_is_closed_with_cause_and_lasting_fix_only(self):
        problem = self._problem(root_cause="<p>Certificate</p>")
        with self.assertRaisesRegex(ValidationError, "lasting fix"):
            problem.state = "closed"
        problem.lasting_fix = "<p>Renewed</p>"
        with freeze_time("2026-11-24 17:00:00"):
            problem.date_opened = "2026-11-20"
            problem.state = "closed"
        self.assertEqual(str(problem.date_closed), "2026-11-25", "the company's day")
        problem.action_reopen()
        self.assertFalse(problem.date_closed)
        problem.action_cancel()
        self.assertTrue(problem.date_closed)
        with self.assertRaisesRegex(ValidationError, "before it was opened"):
            problem.date_closed = "2026-11-01"


@tagged("post_install", "-at_install")
class TestProblemCompanies(ProblemCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})

    def test_d6_a_problem_of_another_company_is_hidden(self):
        theirs = self._problem(company_id=self.elsewhere.id).with_user(self.manager)
        self.assertFalse(theirs.search([("id", "=", theirs.id)]))
        with self.assertRaises(AccessError):
            theirs.read(["name"])

    def test_d6_tickets_and_their_problem_are_of_one_company(self):
        ticket = self._asked("Invoices hang")
        theirs = self._problem(company_id=self.elsewhere.id)
        with self.assertRaisesRegex(ValidationError, "another company"):
            ticket.problem_id = theirs

    def test_d6_tickets_of_two_companies_are_no_problem(self):
        ours = self._asked("Invoices hang")
        theirs = self._asked(
            "Invoices hang",
            self._customer("Stranger"),
            company_id=self.elsewhere.id,
            user_id=False,
            project_id=False,
        )
        self.assertFalse(ours.aftersales_similar_ids)
        wizard = self.env["aftersales.problem.group"].create(
            {"ticket_ids": (ours | theirs).ids}
        )
        with self.assertRaisesRegex(UserError, "several companies"):
            wizard.action_confirm()
