import { registry } from "@web/core/registry";

import { openApp, openMenu, press, seeField, seeRow, seeTitle, type } from "./steps";

/** A day at the desk: each of these is what one person does, in the order of the day. */

const DESK = "erp_aftersales.aftersales_menu_desk";
const DIALOG = ".modal:not(.o_inactive_modal)";
const NAME = "The label printer is dead";
const tours = registry.category("web_tour.tours");

function confirm(name) {
    return [
        {
            content: `Press ${name} in the dialogue`,
            trigger: `${DIALOG} button[name=${name}]:visible:enabled`,
            run: "click",
        },
        {
            content: "The dialogue is closed",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

function openTicket() {
    return [
        ...openApp(),
        ...openMenu("erp_aftersales.helpdesk_ticket_menu", "Tickets", DESK),
        {
            content: "Show the tickets in a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Open the ticket",
            trigger: `.o_data_row td:contains("${NAME}")`,
            run: "click",
        },
        seeTitle(NAME),
    ];
}

/** Whoever picks up the telephone types the number, and somebody else gets the ticket. */
tours.add("erp_aftersales_day_call", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        {
            content: "Unfold the menu of the desk",
            trigger: `button[data-menu-xmlid="${DESK}"]`,
            run: "click",
        },
        {
            content: "Somebody calls",
            trigger: '[data-menu-xmlid="erp_aftersales.aftersales_phone_call_menu"]',
            run: "click",
        },
        {
            content: "Type the number",
            trigger: `${DIALOG} .o_field_widget[name=number] input`,
            run: "edit 0512-55550188 && press Tab",
        },
        {
            content: "The number says who calls",
            trigger: `${DIALOG} .o_field_widget[name=partner_id] input:value("Day Caller")`,
        },
        {
            content: "Type what it is about",
            trigger: `${DIALOG} .o_field_widget[name=name] input`,
            run: `edit ${NAME} && press Tab`,
        },
        {
            content: "Make the ticket",
            trigger: `${DIALOG} button[name=action_make_ticket]`,
            run: "click",
        },
        {
            content: "It says what the work costs",
            trigger: '.o_form_view .o_aftersales_head:contains("60.00")',
        },
        {
            content: "It found its person",
            trigger:
                '.o_form_view .o_field_widget[name=user_id]:contains("tour_support"), ' +
                '.o_form_view .o_field_widget[name=user_id] input:value("tour_support")',
        },
    ],
});

/** The engineer estimates, hears yes on the telephone, works by the timer and solves. */
tours.add("erp_aftersales_day_work", {
    url: "/odoo",
    steps: () => [
        ...openTicket(),
        ...press("action_aftersales_estimate", {
            content: "The dialogue asks for hours",
            trigger: `${DIALOG} .o_data_row td[name=hours]`,
            run: "click",
        }),
        type("hours", "2:00", "line_ids"),
        {
            content: "Two hours are 120",
            trigger: `${DIALOG} .o_field_widget[name=total]:contains("120.00")`,
        },
        ...confirm("action_make"),
        ...press("action_aftersales_estimate_accepted", {
            content: "Who said so is asked",
            trigger: `${DIALOG} .o_field_widget[name=partner_id] input`,
        }),
        ...confirm("action_confirm"),
        seeField("aftersales_accepted_amount", "120.00"),
        ...press("action_aftersales_timer_start", {
            content: "The timer runs",
            trigger: ".o_aftersales_timer:contains(00:00:0)",
        }),
        ...press("action_aftersales_timer_stop", {
            content: "It was 45 minutes",
            trigger: `${DIALOG} .o_field_widget[name=minutes] input`,
            run: "edit 45 && press Tab",
        }),
        {
            content: "45 minutes are an hour",
            trigger: `${DIALOG} .o_field_widget[name=price_text]:contains("60.00")`,
        },
        {
            content: "Say what was done",
            trigger: `${DIALOG} .o_field_widget[name=name] textarea`,
            run: "edit New driver",
        },
        ...confirm("action_save"),
        seeField("aftersales_left_amount", "60.00"),
        {
            content: "Unfold the later stages",
            trigger: ".o_statusbar_status .dropdown-toggle:visible:first",
            run: "click",
        },
        {
            content: "Solve it",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Done)",
            run: "click",
        },
        {
            content: "It is solved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done), .o_statusbar_status .dropdown-toggle:contains(Done)",
        },
        {
            content: "The clock of the ticket",
            trigger: ".o_notebook_headers a.nav-link[name=aftersales_clock]",
            run: "click",
        },
        {
            content: "Answered and solved in time",
            trigger:
                '.o_field_widget[name=aftersales_clock_story]:contains("Met"):contains("Closed")',
        },
    ],
});

/** The accountant finds the call on the invoice. */
tours.add("erp_aftersales_day_invoice", {
    url: "/odoo",
    steps: () => [
        ...openTicket(),
        ...press("action_view_aftersales_invoices", {
            content: "The invoice is open",
            trigger: "[name=invoice_line_ids] .o_data_row, .o_list_view .o_data_row",
        }),
        seeRow("60.00"),
    ],
});
