import {dataFolderPath} from '../../operator/data-folder-path.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {pluginVersion} from '../../operator/plugin-version.js'
import {createLogger} from '../../operator/request-logger.js'
import {runUntilStopped} from '../../operator/run-until-stopped.js'
import {serveFlags} from '../../operator/serve-flags.js'
import {serveOptions} from '../../operator/serve-options.js'
import {startServer} from '../../operator/start-server.js'
import {type LogEntry, logLine} from '../../views/log-line.js'
import {servingPage} from '../../views/serving.js'

/** The running registry. Printed once it accepts connections. */
export interface RegistryServeResult {
  /** URL that the registry listens on. */
  url: string
}

export default class RegistryServe extends OperatorCommand<RegistryServeResult> {
  static override readonly summary = 'Run a registry server.'
  static override readonly description = `Serves one data directory until SIGTERM or Ctrl-C. The directory is created if it doesn't exist. With --database and --blobs, several servers can serve the same registry; run \`apkg registry migrate\` first.

On a terminal, shows how to use the registry, and a log line per request. Otherwise, and with --json, prints the URL on stdout once the server accepts connections (one line), and the log as JSON on stderr. Add users with \`apkg registry user add\`.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 0 --data ./registry --json',
    {
      description: 'Run behind an HTTPS proxy',
      command:
        '<%= config.bin %> <%= command.id %> --public-url https://example.com/apkg --trust-proxy 127.0.0.1 --data /var/lib/apkg-registry/data',
    },
    {
      description: 'Run one of several servers',
      command:
        '<%= config.bin %> <%= command.id %> --database postgres://apkg@127.0.0.1/apkg --secret-key-file secret-key --blobs s3://packages.example.com/registry --public-url https://example.com/apkg',
    },
    {
      description: 'Send webhooks',
      command:
        '<%= config.bin %> <%= command.id %> --webhook https://hooks.example.com/apkg --webhook-secret-file webhook-secret',
    },
    {
      description: 'Accept trusted publishers of a self-hosted GitLab',
      command:
        '<%= config.bin %> <%= command.id %> --public-url https://example.com/apkg --oidc-issuer https://gitlab.example.com',
    },
  ]
  static override readonly flags = serveFlags

  async run(): Promise<never> {
    const {flags} = await this.parse(RegistryServe)
    const folder = dataFolderPath(flags.data, this.ports)
    const options = serveOptions(flags, folder, pluginVersion(this.config))
    const {stdout, stderr} = this.ports
    const isJson = this.jsonEnabled()
    const toText = (json: string) => logLine(JSON.parse(json) as LogEntry, stderr)
    const log = createLogger(stderr, isJson || !stderr.isTerminal ? undefined : toText)
    const server = await startServer(options, log, this.ports)
    const {url, hasUsers} = server
    const stopped = runUntilStopped(() => server.stop(), log)
    if (!isJson && stdout.isTerminal && stderr.isTerminal)
      this.note(servingPage({url: flags['public-url'] ?? url, place: {...flags, data: folder}, hasUsers}))
    else await stdout.write(isJson ? `${JSON.stringify({url})}\n` : `${url}\n`)
    return stopped
  }
}
