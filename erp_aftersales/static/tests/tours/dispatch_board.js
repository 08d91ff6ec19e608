import { registry } from "@web/core/registry";

import { openApp, openMenu } from "./steps";

const FIRST = '.o_as_ticket:contains("Till is down")';
const SECOND = '.o_as_ticket:contains("Printer is askew")';
const DIALOG = ".modal:not(.o_inactive_modal)";

/** D1: who is free, one click for the best, a choice of one's own. */
registry.category("web_tour.tours").add("erp_aftersales_dispatch_board", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openMenu(
            "erp_aftersales.aftersales_dispatch_board_menu",
            "Dispatch board",
            "erp_aftersales.aftersales_menu_desk"
        ),
        {
            content: "Both engineers are on the board",
            trigger: '.o_as_cards:has([data-person="Li"]):has([data-person="Wang"])',
        },
        {
            content: "Give the first ticket to the best",
            trigger: `${FIRST} .o_as_best`,
            run: "click",
        },
        {
            content: "It waits no more, and Li has a ticket",
            trigger: `.o_as_board:not(:has(${FIRST})) [data-person="Li"]:contains("1 ticket")`,
        },
        {
            content: "Look who could take the second",
            trigger: `${SECOND} .o_as_who`,
            run: "click",
        },
        {
            content: "Everybody is listed with reasons",
            trigger: `${DIALOG} .o_data_row:contains("Wang"):contains("0 open tickets")`,
        },
        {
            content: "Close the dialogue",
            trigger: `${DIALOG} .modal-footer button:contains("Close")`,
            run: "click",
        },
        {
            content: "Choose the second ticket",
            trigger: `body:not(:has(.modal)) ${SECOND} .o_as_choose`,
            run: "click",
        },
        {
            content: "Give it to Wang",
            trigger: '[data-person="Wang"] .o_as_assign',
            run: "click",
        },
        {
            content: "Nothing of ours waits, and Wang has a ticket",
            trigger: `.o_as_board:not(:has(${SECOND})) [data-person="Wang"]:contains("1 ticket")`,
        },
    ],
});
