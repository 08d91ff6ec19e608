import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

import { openMenu, press, seeField, seeRow, seeTitle } from "./steps";

const SENTENCE = "Support, Remote, Senior: 1 h (rounded from 50 min) x 60.00 an hour";
const LINE = "[name=invoice_line_ids] .o_data_row";
const DIALOG = ".modal:not(.o_inactive_modal)";

/** E4: an invoice line opens its work and the sentence that priced it. */
registry.category("web_tour.tours").add("erp_aftersales_drill_down", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("account.menu_finance", "Open Invoicing"),
        ...openMenu(
            "account.menu_action_move_out_invoice_type",
            "Invoices",
            "account.menu_finance_receivables"
        ),
        {
            content: "Open the customer's invoice",
            trigger: '.o_data_row:contains("Tour Customer") td[name=name]',
            run: "click",
        },
        {
            content: "The invoice is posted",
            trigger: ".o_arrow_button_current:contains(Posted)",
        },
        {
            content: "The line of the fee costs 100",
            trigger: `${LINE}:contains("Base"):contains("100.00")`,
        },
        {
            content: "Open what is behind the line of the work, which costs 120",
            trigger: `${LINE}:contains("Support"):contains("120.00") button[name=action_aftersales_charges]`,
            run: "click",
        },
        seeTitle("Charges"),
        {
            content: "Two charges are behind the line, and no fee",
            trigger: ".o_list_view:not(:has(.o_data_row:eq(2)))",
        },
        seeRow("Support, Remote, Senior: 1 h x 60.00 an hour", "60.00", "Invoiced"),
        {
            content: "Open the second charge",
            trigger: `.o_data_row:contains("${SENTENCE}") td[name=reason]`,
            run: "click",
        },
        seeField("reason", SENTENCE),
        seeField("amount", "60.00"),
        seeField("minutes_worked", "50"),
        seeField("minutes", "60"),
        ...press("action_open_timesheet", {
            content: "The timesheet says what was done, on which ticket",
            trigger: `${DIALOG} .o_field_widget[name=name]:contains("Repaired the till")`,
        }),
        {
            content: "It says who did it",
            trigger: `${DIALOG} .o_field_widget[name=employee_id]:contains("Lin")`,
        },
        {
            content: "It took 50 minutes",
            trigger: `${DIALOG} .o_field_widget[name=unit_amount]:contains("00:50")`,
        },
        {
            content: "It costs 60",
            trigger: `${DIALOG} .o_field_widget[name=charge_amount]:contains("60.00")`,
        },
        {
            content: "Back to the charge",
            trigger: `${DIALOG} .btn-close`,
            run: "click",
        },
        {
            content: "The timesheet is closed",
            trigger: "body:not(:has(.modal))",
        },
        ...press("action_open_ticket", {
            content: "The ticket is the one that asked for the work",
            trigger: '.o_form_view .o_field_widget[name=name] input:value("Till is down")',
        }),
        {
            content: "All its work costs 120",
            trigger:
                'button[name=action_view_aftersales_charges]:contains("120.00"):contains("2 Charges")',
        },
    ],
});
