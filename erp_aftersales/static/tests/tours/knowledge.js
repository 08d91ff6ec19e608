import { registry } from "@web/core/registry";

import { choose, createNew, openApp, openMenu } from "./steps";

const ARTICLE = '.o_aftersales_article:contains("Labels come out blank")';

/** Somebody types what is wrong; the article is there before he leaves the field. */
registry.category("web_tour.tours").add("erp_aftersales_article_solves_a_ticket", {
    url: "/odoo",
    steps: () => [
        ...openApp(),
        ...openMenu(
            "erp_aftersales.helpdesk_ticket_menu",
            "Tickets",
            "erp_aftersales.aftersales_menu_desk"
        ),
        ...createNew(),
        ...choose("partner_id", "Tour Customer"),
        {
            content: "Describe it",
            trigger: ".o_field_widget[name=description] .odoo-editor-editable",
            run: "editor Since this morning.",
        },
        {
            content: "Type the subject, and stay in it",
            trigger: ".o_field_widget[name=name] input",
            run: "fill Blank labels",
        },
        {
            content: "The article is proposed; read it where it stands",
            trigger: `${ARTICLE} button:contains("Labels come out blank")`,
            run: "click",
        },
        {
            content: "It says what to do",
            trigger: '.o_aftersales_article_text:contains("Set the paper width")',
        },
        {
            content: "What was typed is still there",
            trigger: '.o_field_widget[name=name] input:value("Blank labels")',
        },
        {
            content: "It was the answer",
            trigger: `${ARTICLE} button:contains("Solved by this")`,
            run: "click",
        },
        {
            content: "The ticket is saved and says so",
            trigger:
                '.o_form_saved .alert-success:contains("Labels come out blank")',
        },
        {
            content: "It can be taken back",
            trigger: "button[name=action_aftersales_not_solved]",
            run: "click",
        },
        {
            content: "The article is proposed again; it was the answer after all",
            trigger: `${ARTICLE} button:contains("Solved by this")`,
            run: "click",
        },
        {
            content: "The article is one click away",
            trigger: 'button[name=action_view_aftersales_pages]:contains("1")',
        },
    ],
});
