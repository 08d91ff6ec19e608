import { registry } from "@web/core/registry";

import {
    addRow,
    choose,
    createNew,
    openApp,
    openMenu,
    openTab,
    press,
    seeField,
    seeRow,
    seeTitle,
    select,
    type,
    typeDate,
} from "./steps";

const WORK = "erp_aftersales.aftersales_menu_work";
const DESK = "erp_aftersales.aftersales_menu_desk";
const tours = registry.category("web_tour.tours");

/** A manager says what is sold, reads it back as a sentence, publishes and sells it. */
tours.add("erp_aftersales_manager_sells_a_plan", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openMenu("erp_aftersales.aftersales_plan_menu", "Plans"),
        ...createNew(),
        type("name", "Tour plan"),
        ...choose("default_service_id", "Support"),
        ...addRow("coverage_ids"),
        ...select("policy", "Charged", "coverage_ids"),
        seeField("summary", "All work: charged."),
        openTab("prices"),
        ...addRow("rate_ids"),
        type("price", "60", "rate_ids"),
        type("increment", "15", "rate_ids"),
        seeField("summary", "All work: 60.00 USD an hour, rounded up to 15 min."),
        openTab("fees"),
        ...addRow("fee_ids"),
        type("name", "Base fee", "fee_ids"),
        type("price", "100", "fee_ids"),
        seeField("summary", "Base fee: 100.00 USD a month, in advance."),
        ...press("action_publish", {
            content: "Publishing says what it means, and asks",
            trigger: '.modal:contains("A published plan never changes any more")',
        }),
        {
            content: "Yes, publish",
            trigger: ".modal .modal-footer button:contains(Publish)",
            run: "click",
        },
        {
            content: "The plan is published",
            trigger: ".o_arrow_button_current:contains(Published)",
        },
        seeField("summary", "Base fee: 100.00 USD a month, in advance."),
        // The plan is sold: the contract's form brings its lines.
        ...openMenu("erp_aftersales.contract_contract_menu", "Contracts", WORK),
        ...createNew(),
        type("name", "Tour contract"),
        ...choose("partner_id", "Tour Customer"),
        ...choose("aftersales_plan_id", "Tour plan"),
        seeField("aftersales_summary", "All work: 60.00 USD an hour"),
        ...typeDate("date_start", "-10d"),
        {
            content: "Save",
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "The contract is saved",
            trigger: ".o_form_saved",
        },
        openTab("recurring_invoice_line"),
        seeRow("Base fee", "100.00", "Fee"),
        seeRow("After-sales usage", "Usage"),
    ],
});

/** A support engineer takes a ticket, logs work on it and sees what it costs. */
tours.add("erp_aftersales_support_logs_work", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openMenu("erp_aftersales.helpdesk_ticket_menu", "Tickets", DESK),
        ...createNew(),
        type("name", "The till prints nothing"),
        ...choose("partner_id", "Tour Customer"),
        {
            content: "The contract is found by itself",
            trigger: '.o_field_widget[name=contract_id] input:value("Tour contract")',
        },
        {
            content: "Describe it",
            trigger: ".o_field_widget[name=description] .odoo-editor-editable",
            run: "editor Since this morning.",
        },
        openTab("timesheets"),
        ...addRow("timesheet_ids"),
        type("name", "Restarted the print server", "timesheet_ids"),
        type("unit_amount", "1:20", "timesheet_ids"),
        {
            content: "Save",
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "80 minutes are billed as 90: the ticket says so",
            trigger:
                'button[name=action_view_aftersales_charges]:contains("90.00"):contains("1 Charges")',
        },
        seeRow("Restarted the print server", "01:20", "Billable", "90.00"),
        ...press("action_view_aftersales_charges", seeTitle("Charges")),
        seeRow(
            "Support, Remote, Senior: 1 h 30 min (rounded from 1 h 20 min) x 60.00 an hour",
            "90.00",
            "Open"
        ),
    ],
});

/** The accountant bills what is open with one button. */
tours.add("erp_aftersales_accountant_invoices", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        {
            content: "Open the contract",
            trigger: '.o_data_row td:contains("Tour contract")',
            run: "click",
        },
        {
            content: "90 of work are open; the fee is due",
            trigger: 'button[name=action_aftersales_charges]:contains("90.00")',
        },
        ...press("action_aftersales_invoice", {
            content: "The invoice is open, a draft",
            trigger: ".o_arrow_button_current:contains(Draft)",
        }),
        seeRow("Base fee", "100.00"),
        seeRow("Support, Remote, Senior", "1 h 30 min x 60.00 an hour", "90.00"),
        {
            content: "Before tax it is 190",
            trigger: '.o_field_widget[name=tax_totals]:contains("190.00")',
        },
        {
            content: "What is behind it is one click away",
            trigger: 'button[name=action_aftersales_charges]:contains("2")',
        },
    ],
});
