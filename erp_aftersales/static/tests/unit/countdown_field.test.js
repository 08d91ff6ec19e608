import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Ticket extends models.Model {
    _name = "ticket";

    deadline = fields.Datetime();
    state = fields.Selection({
        selection: [
            ["none", "None"],
            ["running", "Running"],
            ["paused", "Paused"],
            ["at_risk", "At risk"],
            ["breached", "Breached"],
            ["met", "Met"],
            ["met_late", "Met late"],
        ],
    });
}
defineModels([Ticket]);
defineMailModels();

const ARCH = `<list>
    <field name="deadline" widget="aftersales_countdown" options="{'state_field': 'state'}"/>
</list>`;

async function texts(...rows) {
    mockDate("2026-09-10 09:00:30");
    Ticket._records = rows.map(([state, deadline], index) => ({
        id: index + 1,
        state,
        deadline,
    }));
    await mountView({ type: "list", resModel: "ticket", arch: ARCH });
    return queryAllTexts(".o_data_cell");
}

test.tags("desktop");
test("the countdown says how long is left", async () => {
    const shown = await texts(
        ["running", "2026-09-10 11:13:00"],
        ["running", "2026-09-10 09:05:59"],
        ["running", "2026-09-10 11:00:00"],
        ["running", "2026-09-11 09:00:00"],
        ["running", "2026-09-12 14:00:00"],
        ["at_risk", "2026-09-10 09:35:00"],
        ["running", "2026-09-10 09:00:00"],
        ["none", false]
    );
    expect(shown).toEqual([
        "2 h 13 min left",
        "5 min left",
        "2 h left",
        "1 d left",
        "2 d 5 h left",
        "at risk: 35 min left",
        "due now",
        "",
    ]);
});

test.tags("desktop");
test("the countdown says how late it is, and where the clock stands still", async () => {
    const shown = await texts(
        ["breached", "2026-09-10 08:55:00"],
        ["running", "2026-09-10 08:59:00"],
        ["paused", "2026-09-10 08:55:00"],
        ["met", "2026-09-10 08:55:00"],
        ["met_late", "2026-09-10 08:55:00"]
    );
    expect(shown).toEqual([
        "late by 5 min",
        "late by 1 min",
        "paused",
        "met",
        "met late",
    ]);
    expect(queryFirst(".o_aftersales_countdown").title).toInclude("2026");
});

test.tags("desktop");
test("the countdown goes on by itself, each full minute", async () => {
    await texts(["running", "2026-09-10 09:02:00"]);
    expect(".o_aftersales_countdown").toHaveText("2 min left");
    await advanceTime(29000);
    await animationFrame();
    expect(".o_aftersales_countdown").toHaveText("2 min left");
    await advanceTime(1500);
    await animationFrame();
    expect(".o_aftersales_countdown").toHaveText("1 min left");
    await advanceTime(120000);
    await animationFrame();
    expect(".o_aftersales_countdown").toHaveText("late by 1 min");
    expect(".o_aftersales_countdown").toHaveClass("o_aftersales_late");
});
