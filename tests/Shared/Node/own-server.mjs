// A small MCP server over stdio for tests, without dependencies. Arguments: the file with its list of tools, and a file where it
// writes down, one JSON object a line, what reached it. It tells its client when the list's file changes. With "stay" it goes on when its
// standard input has ended, as bad servers do; with "die" it ends at once.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, watchFile } from "node:fs";

const [listFile, logFile, manner] = process.argv.slice(2);
const running = new Map();
const occupied = [];

const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
const answer = (id, result) => send({ id, result });
const refuse = (id, code, message) => send({ id, error: { code, message } });
const text = (id, value) => answer(id, { content: [{ type: "text", text: value }] });
const note = (what) => appendFileSync(logFile, JSON.stringify({ pid: process.pid, ...what }) + "\n");

const tools = {
  read: (id, { path }) => {
    try {
      text(id, readFileSync(path, "utf8"));
    } catch (error) {
      answer(id, { isError: true, content: [{ type: "text", text: error.code }] });
    }
  },
  say: (id, { text: value }) => text(id, value),
  big: (id, { bytes }) => text(id, "x".repeat(bytes)),
  fail: (id, { text: value }) => answer(id, { isError: true, content: [{ type: "text", text: value }] }),
  refuse: (id, { code }) => refuse(id, code, "because\u001b[31m"),
  answer: (id, { result }) => answer(id, result),
  halve: (id) => text(id, "\ud83d"),
  die: () => process.exit(3),
  // Dies in the first attempt of a call and answers the next: that both carry one key is what tells them from two calls.
  stumble: (id, _, meta) => {
    const key = meta["agentruntime/idempotency-key"];
    const attempts = readFileSync(logFile, "utf8").split("\n").filter((line) => line.includes(`"${key}"`)).length;
    if (attempts > 1) text(id, `attempt ${attempts}`);
    else process.kill(process.pid, "SIGKILL");
  },
  wait: (id, _, meta) => {
    running.set(id, true);
    send({ method: "notifications/progress", params: { progressToken: meta.progressToken, progress: 1, total: 2 } });
  },
  // At work until the list's file changes; till then it lists its tools in this way: not at all, with an error, or without end.
  occupy: (id, { way }) => occupied.push({ id, way }),
  environment: (id) => text(id, JSON.stringify({ ...process.env, cwd: process.cwd(), uid: process.getuid?.() })),
  betray: (id, { name, before = 0, times = 1 }) => process.stderr.write(`${"x".repeat(before)}${process.env[name].repeat(times)}\n`, () => refuse(id, -32602, process.env[name])),
  deafen: (id) => {
    process.stdin.pause();
    text(id, "deaf");
  },
  // Asks again and again, faster than anybody answers, and reads no answer.
  flood: () => {
    process.stdin.pause();
    const lines = `${JSON.stringify({ jsonrpc: "2.0", id: "again", method: "ping" })}\n`.repeat(500);
    const more = () => {
      while (process.stdout.write(lines));
      process.stdout.once("drain", more);
    };
    more();
  },
  hang: () => {
    for (;;);
  },
  spawn: (id) => text(id, String(spawn("/bin/sleep", ["1000"], { stdio: "inherit" }).pid)),
  shout: (id, { lines, length }) =>
    process.stderr.write(Array.from({ length: lines }, (_, i) => `${i} ${"e".repeat(length)}\n`).join(""), () => text(id, "shouted")),
};

const page = (cursor) => {
  const list = JSON.parse(readFileSync(listFile, "utf8"));
  const at = Number(cursor ?? 0);
  return { tools: list.slice(at, at + 2), ...(at + 2 < list.length ? { nextCursor: String(at + 2) } : {}) };
};

const list = (id, cursor) => {
  switch (occupied[0]?.way) {
    case "silent":
      return undefined;
    case "error":
      return refuse(id, -32603, "no list now");
    case "endless":
      return answer(id, { tools: [], nextCursor: "again" });
    default:
      return answer(id, page(cursor));
  }
};

const handle = ({ id, method, params }) => {
  switch (method) {
    case "initialize":
      return answer(id, {
        protocolVersion: "2025-11-25",
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "own", version: "1" },
      });
    case "tools/list":
      note({ listed: true });
      return list(id, params?.cursor);
    case "tools/call":
      note({ called: params.name, arguments: params.arguments, meta: params._meta });
      return tools[params.name.toLowerCase()](id, params.arguments, params._meta ?? {});
    case "notifications/cancelled":
      return note({ cancelled: running.delete(params.requestId) });
    case "notifications/initialized":
      return undefined;
    default:
      return id === undefined ? undefined : refuse(id, -32601, "Method not found");
  }
};

note({ started: true });
if (manner === "die") process.exit(3);

watchFile(listFile, { interval: 50 }, () => {
  for (const { id } of occupied.splice(0)) text(id, "done");
  send({ method: "notifications/tools/list_changed" });
});

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) if (line.trim()) handle(JSON.parse(line));
});
process.stdin.on("end", () => manner === "stay" || process.exit(0));
