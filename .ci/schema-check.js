// See schema-check. Exits 1 if one plan is judged otherwise than the decoder judges it.
const fs = require("fs");
const yaml = require("js-yaml");
const schema = JSON.parse(fs.readFileSync("schema.json", "utf8"));
const drafts = { "draft-07": require("ajv"), "2020-12": require("ajv/dist/2020") };
let bad = 0;
for (const [draft, Ajv] of Object.entries(drafts)) {
  const own = { ...schema };
  if (draft !== "draft-07") delete own.$schema;
  const check = new Ajv.default({ strict: false, allowUnionTypes: true }).compile(own);
  const count = {};
  for (const verdict of ["right", "wrong"]) {
    for (const name of fs.readdirSync(`plans/${verdict}`)) {
      let plan;
      try {
        plan = yaml.load(fs.readFileSync(`plans/${verdict}/${name}`, "utf8"));
      } catch (e) {
        continue; // no YAML to this reader: no schema sees it
      }
      count[verdict] = (count[verdict] || 0) + 1;
      if (check(plan) !== (verdict === "right")) {
        bad++;
        console.log(`${draft}: ${verdict}/${name}:`, verdict === "right" ? check.errors.slice(0, 3) : "passes");
      }
    }
  }
  console.log(`${draft}: ${count.right} right plans, ${count.wrong} wrong ones`);
}
process.exit(bad ? 1 : 0);
