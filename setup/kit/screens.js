// Photographs the pages that kit/screens.py names (JSON on standard input), as the vendor.
// The status is 1 if a page shows an error.
const {chromium} = require("playwright-core");
const {execFileSync} = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

const plan = JSON.parse(fs.readFileSync(0, "utf8"));
const wanted = (name) => !plan.only.length || plan.only.includes(name);
const SETTLED = 800; // milliseconds that Odoo's client takes to draw, after the last answer
const DPI = "110"; // of reports, which are A4
const PATIENCE = 120000; // the first page waits for Odoo to bundle its scripts
let failed = false;

// A page is there when Odoo's client has drawn its content.
async function settle(page) {
    await page.waitForSelector(".o_action_manager > *");
    // Odoo's client keeps some requests open for ever, so idleness is not insisted on.
    await page.waitForLoadState("networkidle", {timeout: 2000}).catch(() => {});
    await page.waitForTimeout(SETTLED);
}

async function save(page, name) {
    await settle(page);
    if (await page.locator(".o_error_dialog").count()) {
        console.error(`${name}: an error is shown at ${page.url()}`);
        failed = true;
        return;
    }
    const file = path.join(plan.folder, `${name}.png`);
    await page.screenshot({path: file});
    console.log(file);
}

// The first page of a report, as it comes out of the printer.
async function print(page, {name, pdf}) {
    const answer = await page.request.get(plan.url + pdf, {timeout: PATIENCE});
    if (!answer.ok()) {
        console.error(`${name}: ${answer.status()} at ${answer.url()}`);
        failed = true;
        return;
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "screens-"));
    const file = path.join(folder, `${name}.pdf`);
    const picture = path.join(plan.folder, name);
    fs.writeFileSync(file, await answer.body());
    execFileSync("pdftoppm", ["-png", "-r", DPI, "-l", "1", "-singlefile", file, picture]);
    fs.rmSync(folder, {recursive: true});
    console.log(`${picture}.png`);
}

async function login(page) {
    await page.goto(`${plan.url}/web/login`);
    await page.fill("#login", "vendor");
    await page.fill("#password", "vendor");
    await Promise.all([
        page.waitForURL("**/odoo**", {waitUntil: "commit"}),
        page.click("form.oe_login_form button[type=submit]"),
    ]);
    await settle(page);
}

// Something to see on each page beyond what it opens with.
const AFTER = {
    async prices(page) {
        await page.click("button[name=action_aftersales_price_list]");
    },
    async preview(page) {
        await page.click("button[name=action_aftersales_preview]");
        // The day on which the demo's contract is billed next, whatever day it is now.
        const field = page.locator(".modal [name=date]");
        await field.locator("button, input").first().click(); // a date is text until then
        const day = field.locator("input");
        await day.fill("2026-12-02");
        await day.press("Tab");
    },
    async why(page) {
        await page.click(".o_form_view button[name=action_aftersales_why]");
    },
    async ticket(page) {
        await page.click(".o_notebook a[name=timesheets]");
    },
    async charges(page) {
        // All of them, also what is invoiced.
        await page.click(".o_searchview .o_facet_remove");
    },
};

async function main() {
    const browser = await chromium.launch({
        executablePath: plan.browser,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    });
    const page = await browser.newPage({
        viewport: {width: 1440, height: 900},
        timezoneId: "Asia/Shanghai",
        serviceWorkers: "block",
    });
    page.setDefaultTimeout(PATIENCE);
    await login(page);
    for (const {name, path: address, pdf} of plan.pages) {
        if (name !== "invoice" && !wanted(name)) {
            continue;
        }
        if (pdf) {
            await print(page, {name, pdf});
            continue;
        }
        await page.goto(plan.url + address);
        await settle(page);
        await AFTER[name]?.(page);
        await save(page, name);
    }
    if (wanted("invoice-charges")) {
        await page.click("tr.o_data_row button[name=action_aftersales_charges] >> nth=1");
        await save(page, "invoice-charges");
    }
    await browser.close();
}

main().then(
    () => process.exit(failed ? 1 : 0),
    (error) => {
        console.error(String(error));
        process.exit(1);
    }
);
