# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter, PdfFileReader

from .test_statement import StatementCommon

LANG = "zh_CN"
CONTRACT_REPORT = "erp_aftersales.report_statement"
INVOICE_REPORT = "erp_aftersales.report_invoice_statement"


class StatementReportCommon(StatementCommon):
    def setUp(self):
        super().setUp()
        self._september()
        self._october()
        self.reports = self.env["ir.actions.report"]

    def _wizard(self, user=None, **vals):
        """Press "Statement" on the contract; fill the dialogue."""
        wizards = self.env["aftersales.statement.wizard"].with_user(
            user or self.support
        )
        form = Form(wizards.with_context(default_contract_id=self.contract.id))
        for name, value in vals.items():
            form[name] = value
        return form.save()

    def _html(self, report, records, user=None):
        reports = self.reports.with_user(user or self.env.user)
        html, _kind = reports._render_qweb_html(report, records.ids)
        return html.decode()

    def _print(self, report, records):
        """The file that wkhtmltopdf really makes."""
        reports = self.reports.with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        return content

    def _pages(self, report, records):
        """Print; the text of each page."""
        content = self._print(report, records)
        pages = PdfFileReader(io.BytesIO(content), strict=False).pages
        return [" ".join(page.extract_text().split()) for page in pages]


@tagged("post_install", "-at_install")
class TestStatementReport(StatementReportCommon):
    """The statement on paper, from the contract."""

    def test_the_button_proposes_what_is_not_invoiced_yet(self):
        wizard = self._wizard()
        self.assertEqual(wizard.date_from, date(2026, 9, 1))
        self.assertEqual(wizard.date_to, date(2026, 10, 10))

    def test_where_all_is_invoiced_it_proposes_the_month_before(self):
        usage = self.contract.contract_line_ids.filtered(
            lambda line: line.aftersales_kind == "usage"
        )
        usage.last_date_invoiced = "2026-10-31"
        wizard = self._wizard()
        self.assertEqual(wizard.date_from, date(2026, 9, 1))
        self.assertEqual(wizard.date_to, date(2026, 9, 30))

    def test_days_in_the_wrong_order_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._wizard(date_from="2026-09-02", date_to="2026-09-01")

    def test_the_button_prints_with_the_work_up_to_date(self):
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        rating = type(self.env["aftersales.rating"])
        with patch.object(rating, "_rate", autospec=True) as rate:
            action = wizard.action_print()
        self.assertEqual(rate.call_count, 1)
        self.assertEqual(action["report_name"], CONTRACT_REPORT)
        self.assertIn("2026-09-01 2026-10-10", wizard._report_name())

    def test_it_says_everything_in_english(self):
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        html = self._html(CONTRACT_REPORT, wizard)
        for text in (
            "09/01/2026",
            "Three hours",
            "Monthly hours, passed on",
            "Printer",
            "1 h (rounded from 50 min), covered by",
            "30 min x 60.00 an hour, beyond the included hours",
            "4:30",
            "30.00",
        ):
            self.assertIn(text, html)

    def test_it_is_in_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang(LANG)
        self.env["ir.module.module"]._load_module_terms(["erp_aftersales"], [LANG])
        self.customer.lang = LANG
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        html = self._html(CONTRACT_REPORT, wizard)
        for text in ("2026/09/01", "超出包含工时", "额度抵扣", "小时"):
            self.assertIn(text, html)
        self.assertNotIn("09/01/2026", html)
        self.assertNotIn("beyond the included hours", html)

    def test_nothing_of_our_costs_is_on_it(self):
        self.senior.hourly_cost = 1234.5
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        html = self._html(CONTRACT_REPORT, wizard)
        self.assertNotIn("1,234", html)
        self.assertNotIn(self.senior.name, html.replace("Senior", ""))

    def test_parts_of_a_minute_are_shown(self):
        sheet = self.env["aftersales.statement.sheet"]
        self.assertEqual(sheet._clock(90), "1:30")
        self.assertEqual(sheet._clock(-30), "-0:30")
        self.assertEqual(sheet._clock(Decimal("61.50")), "1:01.5")

    def test_it_is_a_real_pdf(self):
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        text = "\n".join(self._pages(CONTRACT_REPORT, wizard))
        self.assertIn("Printer", text)
        self.assertIn("Monthly hours", text)

    def test_its_letters_are_text_not_pictures(self):
        """Of a web font each letter is drawn: a hundred times the size."""
        wizard = self._wizard(date_from="2026-09-01", date_to="2026-10-10")
        self.assertLess(len(self._print(CONTRACT_REPORT, wizard)), 150_000)


@tagged("post_install", "-at_install")
class TestInvoiceStatement(StatementReportCommon):
    """Printing or sending an invoice of work brings its statement along."""

    def setUp(self):
        super().setUp()
        self.move = self._bill(self.contract)
        self.move.action_post()

    def _plain_invoice(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [(0, 0, {"name": "Cable", "price_unit": 5})],
            }
        )

    def test_the_invoice_s_print_menu_has_it_where_there_are_charges(self):
        report = self.env.ref("erp_aftersales.action_report_invoice_statement")
        for move, expected in (self.move, report.ids), (self._plain_invoice(), []):
            self.assertEqual(
                report.get_valid_action_reports("account.move", move.ids), expected
            )

    def test_alone_it_says_what_is_on_this_invoice(self):
        html = self._html(INVOICE_REPORT, self.move)
        self.assertIn("On this invoice", html)
        self.assertIn(self.move.name, html)

    def test_an_invoice_without_charges_says_why_it_has_none(self):
        with self.assertRaisesRegex(UserError, "it has no statement"):
            self._html(INVOICE_REPORT, self._plain_invoice())

    def test_printing_an_invoice_appends_its_statement(self):
        pages = self._pages("account.account_invoices", self.move)
        self.assertGreater(len(pages), 1)
        self.assertNotIn("Closing", pages[0])
        self.assertIn("Closing", "\n".join(pages[1:]))

    def test_printing_many_gives_each_its_own(self):
        """wkhtmltopdf without its patches prints one at a time: files stand in."""
        plain, refund = self._plain_invoice(), self._plain_invoice()
        streams = {
            move.id: {"stream": self._blank()} for move in self.move | plain | refund
        }
        self._append(streams, self.move | plain | refund)
        pages = {id_: self._texts(each["stream"]) for id_, each in streams.items()}
        self.assertEqual([len(pages[m.id]) for m in plain | refund], [1, 1])
        self.assertIn("Closing", pages[self.move.id][1])

    def test_a_file_that_base_cannot_divide_gets_all_statements_at_its_end(self):
        streams = {False: {"stream": self._blank()}}
        self._append(streams, self.move | self._plain_invoice())
        self.assertIn("Closing", self._texts(streams[False]["stream"])[1])

    def test_what_is_embedded_in_the_invoice_stays_so(self):
        writer = OdooPdfFileWriter()
        writer.appendPagesFromReader(PdfFileReader(self._blank()))
        writer.addAttachment("factur-x.xml", b"<Invoice/>", subtype="text/xml")
        stream = io.BytesIO()
        writer.write(stream)
        whole = self.reports._aftersales_append(stream, self._blank())
        reader = OdooPdfFileReader(whole, strict=False)
        self.assertEqual(len(reader.pages), 2)
        self.assertEqual(
            list(reader.getAttachments()), [("factur-x.xml", b"<Invoice/>")]
        )

    def _append(self, streams, moves):
        reports = self.reports.with_context(force_report_rendering=True)
        reports._aftersales_add_statements(streams, moves.ids)

    def _blank(self):
        writer, stream = OdooPdfFileWriter(), io.BytesIO()
        writer.addBlankPage(595, 842)
        writer.write(stream)
        return stream

    def _texts(self, stream):
        pages = PdfFileReader(stream, strict=False).pages
        return [page.extract_text() for page in pages]

    def test_an_invoice_without_charges_is_printed_as_before(self):
        plain = self._plain_invoice()
        with patch.object(type(self.reports), "_aftersales_append") as append:
            pages = self._pages("account.account_invoices", plain)
        self.assertFalse(append.called)
        self.assertNotIn("Closing", "\n".join(pages))

    def test_sending_an_invoice_sends_its_statement(self):
        wizard = (
            self.env["account.move.send.wizard"]
            .with_context(active_model="account.move", active_ids=self.move.ids)
            .create({})
        )
        wizard.with_context(force_report_rendering=True).action_send_and_print()
        content = self.move.invoice_pdf_report_id.raw
        self.assertIn("Closing", "\n".join(self._texts(io.BytesIO(content))))

    def test_who_may_print_the_invoice_prints_its_statement(self):
        """Somebody without a right to charges; the paper is the customer's anyway."""
        reader = new_test_user(
            self.env, "as_reader", "base.group_user,account.group_account_readonly"
        )
        with self.assertRaises(AccessError):
            self._html(INVOICE_REPORT, self.move, user=reader)
        self.reports = self.reports.with_user(reader)
        pages = self._pages("account.account_invoices", self.move)
        self.assertIn("Closing", "\n".join(pages[1:]))

    def test_a_billing_run_renders_nothing(self):
        refuse = AssertionError("a run must not print")
        names = (
            "_render_qweb_pdf",
            "_render_qweb_html",
            "_render_qweb_pdf_prepare_streams",
            "_aftersales_add_statements",
        )
        before = self.env["account.move"].search_count([])
        for name in names:
            patcher = patch.object(type(self.reports), name, side_effect=refuse)
            self.startPatcher(patcher)
        self.env["contract.contract"].cron_recurring_create_invoice(date(2026, 12, 2))
        self.assertGreater(self.env["account.move"].search_count([]), before)
        self.assertFalse(self.contract.invoice_generation_error)
