import { stepUtils } from "@web_tour/tour_utils";

/** Steps that every tour of this add-on is made of: each waits for what it shows. */

const MENU = "erp_aftersales.aftersales_menu_root";

/** Open the app. It is there when its first screen is: contracts. */
export function openApp() {
    return [
        ...stepUtils.goToAppSteps(MENU, "Open After-sales"),
        seeTitle("Contracts"),
    ];
}

/** Open a menu, under the menu that holds it if there is one. */
export function openMenu(xmlid, title, parentXmlid) {
    const steps = [
        {
            content: `Open menu ${xmlid}`,
            trigger: `[data-menu-xmlid="${xmlid}"]`,
            run: "click",
        },
        seeTitle(title),
    ];
    if (parentXmlid) {
        steps.unshift({
            content: `Unfold menu ${parentXmlid}`,
            trigger: `button[data-menu-xmlid="${parentXmlid}"]`,
            run: "click",
        });
    }
    return steps;
}

export function seeTitle(title) {
    return {
        content: `The screen is ${title}`,
        trigger: `.o_last_breadcrumb_item:contains("${title}")`,
    };
}

/** A new form that can be typed in. */
export function createNew() {
    return [
        {
            content: "New record",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "The form is empty",
            trigger: ".o_form_view .o_last_breadcrumb_item:contains(New)",
        },
    ];
}

/** A selector inside a field, of the form or of the row that is being typed. */
export function inField(name, inside = "input", rows = null) {
    const place = rows ? `.o_field_widget[name=${rows}] .o_selected_row ` : "";
    return `${place}.o_field_widget[name=${name}] ${inside}`;
}

export function type(name, value, rows = null) {
    return {
        content: `Type ${value} in ${name}`,
        trigger: inField(name, "input", rows),
        run: `edit ${value} && press Tab`,
    };
}

/** A date is a button that becomes an input. */
export function typeDate(name, value) {
    return [
        {
            content: `Open ${name}`,
            trigger: inField(name, "[data-field]"),
            run: "click",
        },
        type(name, value),
    ];
}

/** Find a record by name and choose it. */
export function choose(name, value) {
    return [
        {
            content: `Search ${value} for ${name}`,
            trigger: inField(name),
            run: `edit ${value}`,
        },
        {
            content: `Choose ${value}`,
            trigger: `.o-autocomplete--dropdown-item:contains("${value}"):first`,
            run: "click",
        },
        {
            content: `${name} is ${value}`,
            trigger: inField(name, `input:value("${value}")`),
        },
    ];
}

/** Choose an option of a list of fixed words. */
export function select(name, label, rows = null) {
    return [
        {
            content: `Unfold ${name}`,
            trigger: inField(name, "input", rows),
            run: "click",
        },
        {
            content: `Choose ${label}`,
            trigger: `.o_select_menu_item:contains("${label}"):first`,
            run: "click",
        },
        {
            content: `${name} is ${label}`,
            trigger: inField(name, `input:value("${label}")`, rows),
        },
    ];
}

export function openTab(name) {
    return {
        content: `Open tab ${name}`,
        trigger: `.o_notebook_headers a.nav-link[name=${name}]`,
        run: "click",
    };
}

/** A new row of a list in the form, ready to be typed. */
export function addRow(rows) {
    return [
        {
            content: `Add a row to ${rows}`,
            trigger: `.o_field_widget[name=${rows}] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "The row is open",
            trigger: `.o_field_widget[name=${rows}] .o_selected_row`,
        },
    ];
}

/** Press a button of the form and wait for what it brings. */
export function press(name, sees) {
    return [
        {
            content: `Press ${name}`,
            trigger: `.o_form_view button[name=${name}]:enabled`,
            run: "click",
        },
        sees,
    ];
}

/** Texts that stand together in one row of a list. */
export function seeRow(...texts) {
    return {
        content: `One row says: ${texts.join(" | ")}`,
        trigger: ".o_data_row" + texts.map((text) => `:contains("${text}")`).join(""),
    };
}

/** A text shown by a field of the form. */
export function seeField(name, text) {
    return {
        content: `${name} shows ${text}`,
        trigger: `.o_form_view .o_field_widget[name=${name}]:contains("${text}")`,
    };
}

export function back(title) {
    return [
        {
            content: `Back to ${title}`,
            trigger: ".o_back_button",
            run: "click",
        },
        seeTitle(title),
    ];
}
