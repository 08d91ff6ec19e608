import { registry } from "@web/core/registry";

import { openApp, openMenu } from "./steps";

const DESK = "erp_aftersales.aftersales_menu_desk";
const DIALOG = ".modal:not(.o_inactive_modal)";
const tours = registry.category("web_tour.tours");

function openCall() {
    return [
        {
            content: "Unfold the menu of work",
            trigger: `button[data-menu-xmlid="${DESK}"]`,
            run: "click",
        },
        {
            content: "Somebody calls",
            trigger: '[data-menu-xmlid="erp_aftersales.aftersales_phone_call_menu"]',
            run: "click",
        },
        {
            content: "The dialogue is open",
            trigger: `${DIALOG} .o_field_widget[name=number] input`,
            run: "edit 0512-55550188 && press Tab",
        },
        {
            content: "The number says who calls",
            trigger: `${DIALOG} .o_field_widget[name=partner_id] input:value("Tour Caller")`,
        },
        {
            content: "What it costs is said before anything is made",
            trigger: `${DIALOG} .o_aftersales_head:contains("60.00")`,
        },
    ];
}

/** D1: the number finds the caller; the call is a ticket, the next one is logged on it. */
tours.add("erp_aftersales_phone_call", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openCall(),
        {
            content: "Type the subject",
            trigger: `${DIALOG} .o_field_widget[name=name] input`,
            run: "edit Scales do not weigh && press Tab",
        },
        {
            content: "Make the ticket",
            trigger: `${DIALOG} button[name=action_make_ticket]`,
            run: "click",
        },
        {
            content: "The ticket is open, and its head says what it costs",
            trigger: '.o_form_view .o_aftersales_head:contains("60.00")',
        },
        ...openCall(),
        {
            content: "Choose the open ticket",
            trigger: `${DIALOG} .o_field_widget[name=ticket_id] input`,
            run: "edit Scales",
        },
        {
            content: "It is the one just made",
            trigger: '.o-autocomplete--dropdown-item:contains("Scales do not weigh"):first',
            run: "click",
        },
        {
            content: "Say what was said",
            trigger: `${DIALOG} .o_field_widget[name=name] input`,
            run: "edit Weighs again && press Tab",
        },
        {
            content: "Log the call",
            trigger: `${DIALOG} button[name=action_log_call]`,
            run: "click",
        },
        {
            content: "It stands in the history of the ticket",
            trigger: '.o-mail-Chatter .o-mail-Message:contains("Weighs again")',
        },
    ],
});

/** L7: the deadlines of a ticket are clocks on its card and in its form. */
tours.add("erp_aftersales_countdown", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openMenu("erp_aftersales.helpdesk_ticket_menu", "Tickets", DESK),
        {
            content: "The list says how late the answer is",
            trigger: '.o_data_row:contains("Till is late"):contains("late by 1 h")',
        },
        {
            content: "Show cards",
            trigger: ".o_cp_switch_buttons .o_kanban",
            run: "click",
        },
        {
            content: "The card says so too",
            trigger: '.o_kanban_record:contains("Till is late"):contains("late by 1 h")',
        },
        {
            content: "And how long is left to solve it; open it",
            trigger: '.o_kanban_record:contains("Till is late"):contains("2 d 5 h left")',
            run: "click",
        },
        {
            content: "The form says how late it is",
            trigger: '.o_aftersales_head .o_aftersales_late:contains("late by 1 h")',
        },
        {
            content: "And how long is left",
            trigger: '.o_aftersales_head .o_aftersales_countdown:contains("2 d 5 h left")',
        },
    ],
});
