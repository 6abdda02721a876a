/** What a developer of a new app writes: supabase-js in the browser, and the kernel's API by fetch. */
const { supabaseUrl, publishableKey, apiUrl } = await (await fetch("/settings.json")).json();
const client = window.supabase.createClient(supabaseUrl, publishableKey);
const at = (id) => document.getElementById(id);
const state = { workspaceId: null, planId: null };

function onClick(id, work) {
  at(id).addEventListener("click", async () => {
    at("error").textContent = "";
    try {
      await work();
    } catch (error) {
      at("error").textContent = error.message;
    }
  });
}

async function dataOf(query) {
  const { data, error } = await query;
  if (error) throw error;
  return data;
}

async function callApi(path, { body, type = "application/json" } = {}) {
  const { session } = await dataOf(client.auth.getSession());
  const response = await fetch(`${apiUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${session.access_token}`, "content-type": type },
    body,
  });
  if (response.ok) return response;
  throw new Error((await response.json()).error);
}

onClick("sign-up", async () => {
  const [email, password] = [at("email").value, at("password").value];
  const { user } = await dataOf(client.auth.signUp({ email, password }));
  at("who").textContent = user.email;
  at("workspace").hidden = false;
});

onClick("create", async () => {
  const { workspace } = await dataOf(
    client.rpc("create_workspace", { p_name: at("name").value, p_currency: "EUR" }),
  );
  state.workspaceId = workspace.id;
  at("workspace-id").textContent = `${workspace.name}, ${workspace.role}`;
  at("metrics").hidden = false;
});

onClick("import", async () => {
  const response = await callApi("/v1/metrics/import", { body: at("csv").value, type: "text/csv" });
  const { imported } = await response.json();
  at("imported").textContent = `${imported} days imported`;
  at("run").hidden = false;
});

/** Submits a run and shows its text while it is written; returns the row when it has ended. */
async function run(request) {
  at("text").textContent = "";
  at("run-status").textContent = "running";
  const submitted = await callApi("/v1/runs", { body: JSON.stringify(request) });
  const { id } = await submitted.json();
  const stream = await callApi(`/v1/runs/${id}/events`);
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) showLine(line);
  }
  const row = await (await callApi(`/v1/runs/${id}`)).json();
  at("run-status").textContent = row.status;
  return row;
}

function showLine(line) {
  if (!line.startsWith("data: ")) return;
  const { text } = JSON.parse(line.slice("data: ".length));
  if (typeof text !== "string") return;
  at("text").textContent += text;
  at("text").scrollTop = at("text").scrollHeight;
}

onClick("interview", async () => {
  const content =
    "We are Kade Coffee. We roast coffee and deliver it to offices of 50 to 250 people.";
  await run({ mode: "setup", save: true, payload: { messages: [{ role: "user", content }] } });
});

onClick("plan", async () => {
  const payload = { primaryGoal: "Win 60 new office subscriptions", budget: 20_000 };
  const { artifacts } = await run({ mode: "strategy", save: true, payload });
  state.planId = artifacts[0].id;
  at("edit").hidden = false;
  await showPlan();
});

async function showPlan() {
  const plan = await dataOf(
    client.from("cmo_marketing_plans").select("*").eq("id", state.planId).single(),
  );
  at("plan-name").textContent = plan.plan_name;
  at("plan-status").textContent = plan.status;
  at("summary").value = plan.executive_summary;
  const versions = await dataOf(
    client.from("cmo_versions").select("*").eq("row_id", state.planId).order("number"),
  );
  at("versions").replaceChildren(...versions.map(toItem));
}

function toItem({ number, changed, user_id, restored_from }) {
  const item = document.createElement("li");
  const what = number === 1 ? "the whole plan" : Object.keys(changed).join(", ");
  const by = user_id === null ? "a run" : "you";
  const from = restored_from === null ? "" : `, restored from ${restored_from}`;
  item.textContent = `Version ${number}: ${what}, by ${by}${from} `;
  const button = document.createElement("button");
  button.textContent = "Restore";
  button.id = `restore-${number}`;
  item.append(button);
  button.addEventListener("click", async () => {
    const row = { p_table: "cmo_marketing_plans", p_row_id: state.planId, p_number: number };
    await dataOf(client.rpc("restore_version", row));
    await showPlan();
  });
  return item;
}

onClick("save", async () => {
  const edit = { executive_summary: at("summary").value };
  await dataOf(client.from("cmo_marketing_plans").update(edit).eq("id", state.planId));
  await showPlan();
});

onClick("approve", async () => {
  const move = { p_table: "cmo_marketing_plans", p_row_id: state.planId, p_status: "approved" };
  await dataOf(client.rpc("move_status", move));
  await showPlan();
});
