// A client of the front door made of the protobufs alone: starts a refund, streams it, approves as a person and sees it complete.
// Arguments: the folder of npm packages, the folder of protobufs, the address of gRPC, the input of the run. The tokens of the application and of
// the person are in APP_TOKEN and PERSON_TOKEN. Prints one JSON object a line.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, protos, address, input] = process.argv.slice(2);
const packages = createRequire(join(modules, "of-the-tests.js"));
const grpc = packages("@grpc/grpc-js");
const loader = packages("@grpc/proto-loader");

const definition = loader.loadSync(["agentruntime/v1/runs.proto", "agentruntime/v1/approvals.proto"], {
  includeDirs: [protos],
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { Runs, Approvals } = grpc.loadPackageDefinition(definition).agentruntime.v1;
const runs = new Runs(address, grpc.credentials.createInsecure());
const approvals = new Approvals(address, grpc.credentials.createInsecure());

const say = (event, more) => process.stdout.write(JSON.stringify({ event, ...more }) + "\n");
const as = (token) => {
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return metadata;
};
const app = as(process.env.APP_TOKEN);
const person = as(process.env.PERSON_TOKEN);
const call = (client, method, request, metadata) =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + 30_000;
    client[method](request, metadata, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

const started = await call(runs, "startRun", { parent: "tenants/demo", agent: "tenants/demo/agents/refund", input, requestId: "node-refund" }, app);
say("started", { run: started.name });

let approved = false;
const watch = runs.watchRun({ name: started.name, includeDeltas: true }, app, { deadline: Date.now() + 60_000 });
for await (const message of watch) {
  if (message.event !== "record") continue;
  say("record", { seq: message.record.seq, type: message.record.type });
  if (message.record.type !== "approval.requested" || approved) continue;

  const waiting = await call(approvals, "listApprovals", { parent: "tenants/demo", state: "APPROVAL_STATE_PENDING" }, person);
  const mine = waiting.approvals.find((approval) => approval.run === started.name);
  const answer = { name: mine.name, verdict: "APPROVAL_VERDICT_APPROVE", reason: "checked" };
  const refused = await call(approvals, "decideApproval", answer, app).catch((error) => error);
  say("refused", { code: grpc.status[refused.code], hasDetails: refused.metadata?.get("grpc-status-details-bin").length === 1 });
  const decided = await call(approvals, "decideApproval", answer, person);
  say("approved", { state: decided.state, by: decided.approvedBy, tool: mine.tool, arguments: JSON.parse(mine.argumentsJson) });
  approved = true;
}

const ended = await call(runs, "getRun", { name: started.name }, app);
say("ended", { state: ended.state, output: ended.output });
runs.close();
approvals.close();
