import { registry } from "@web/core/registry";

import { openApp, openMenu, press, seeField, seeRow, type } from "./steps";

const DESK = "erp_aftersales.aftersales_menu_desk";
const tours = registry.category("web_tour.tours");

/** Press a button of the dialogue that is open; it closes. */
function confirm(name) {
    return [
        {
            content: `Press ${name} in the dialogue`,
            trigger: `.modal button[name=${name}]:visible:enabled`,
            run: "click",
        },
        {
            content: "The dialogue is closed",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

function openTicket(name) {
    return [
        ...openApp(),
        ...openMenu("erp_aftersales.helpdesk_ticket_menu", "Tickets", DESK),
        {
            content: "Show the tickets in a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: `Open ${name}`,
            trigger: `.o_data_row td:contains("${name}")`,
            run: "click",
        },
        {
            content: `${name} is open`,
            trigger: `.o_form_view .o_last_breadcrumb_item:contains("${name}")`,
        },
    ];
}

/** An engineer starts a timer, reads what the time costs, and saves it. */
tours.add("erp_aftersales_support_runs_a_timer", {
    url: "/odoo",
    steps: () => [
        ...openTicket("The till is slow"),
        ...press("action_aftersales_timer_start", {
            content: "The timer runs, ticking",
            trigger: ".o_aftersales_timer:contains(00:00:0)",
        }),
        ...press("action_aftersales_timer_stop", {
            content: "What it costs is said before it is saved",
            trigger:
                '.modal .o_field_widget[name=price_text]:contains("1 min, covered by")',
        }),
        {
            content: "45 minutes were worked: an hour is billed, half of it is included",
            trigger: ".modal .o_field_widget[name=minutes] input",
            run: "edit 45 && press Tab",
        },
        {
            content: "The price follows what is typed",
            trigger:
                '.modal .o_field_widget[name=price_text]:contains("15.00 waits for acceptance")',
        },
        {
            content: "Say what was done",
            trigger: ".modal .o_field_widget[name=name] textarea",
            run: "edit Looked at the index",
        },
        ...confirm("action_save"),
        {
            content: "No timer runs any more",
            trigger: "button[name=action_aftersales_timer_start]:visible",
        },
        {
            content: "The work is in the list",
            trigger: ".o_notebook_headers a.nav-link[name=timesheets]",
            run: "click",
        },
        seeRow("Looked at the index", "00:45", "waits for acceptance"),
    ],
});

/** An estimate is made from hours, accepted by phone, and its cap is shown. */
tours.add("erp_aftersales_support_estimates", {
    url: "/odoo",
    steps: () => [
        ...openTicket("The till is slow"),
        ...press("action_aftersales_estimate", {
            content: "The dialogue knows what was worked so far",
            trigger: '.modal .o_field_widget[name=balance]:contains("15.00")',
        }),
        {
            content: "Type the hours of the line that is there",
            trigger: ".modal .o_data_row td[name=hours]",
            run: "click",
        },
        type("hours", "2:00", "line_ids"),
        {
            content: "Two hours more are 120, and 15 wait already",
            trigger: '.modal .o_field_widget[name=total]:contains("135.00")',
        },
        ...confirm("action_make"),
        seeField("aftersales_estimate_text", "135.00: Not sent"),
        ...press("action_aftersales_estimate_accepted", {
            content: "Who said so is asked",
            trigger: ".modal .o_field_widget[name=partner_id] input",
        }),
        ...confirm("action_confirm"),
        seeField("aftersales_accepted_amount", "135.00"),
        seeField("aftersales_used_amount", "15.00"),
        seeField("aftersales_left_amount", "120.00"),
    ],
});
