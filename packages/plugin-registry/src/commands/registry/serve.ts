import {dataFolderPath} from '../../operator/data-folder-path.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {pluginVersion} from '../../operator/plugin-version.js'
import {createLogger} from '../../operator/request-logger.js'
import {runUntilStopped} from '../../operator/run-until-stopped.js'
import {serveFlags} from '../../operator/serve-flags.js'
import {startServer} from '../../operator/start-server.js'

/** The running registry. Printed once it accepts connections. */
export interface RegistryServeResult {
  /** URL that the registry listens on. */
  url: string
}

export default class RegistryServe extends OperatorCommand<RegistryServeResult> {
  static override readonly summary = 'Run a registry server.'
  static override readonly description = `Serves one data directory until SIGTERM or Ctrl-C. The directory is created if it doesn't exist.

Prints the URL on stdout once the server accepts connections (one line, also with --json), and one log line per request on stderr. Add users with \`apkg registry user add\`.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 0 --data ./registry --json',
    {
      description: 'Run behind an HTTPS proxy',
      command:
        '<%= config.bin %> <%= command.id %> --public-url https://example.com/apkg --trust-proxy 127.0.0.1 --data /var/lib/apkg-registry/data',
    },
  ]
  static override readonly flags = serveFlags

  async run(): Promise<never> {
    const {flags} = await this.parse(RegistryServe)
    const cert = flags['tls-cert']
    const key = flags['tls-key']
    const options = {
      host: flags.host,
      port: flags.port,
      folder: dataFolderPath(flags.data, this.ports),
      publicUrl: flags['public-url'],
      tls: cert !== undefined && key !== undefined ? {cert, key} : undefined,
      trustProxy: flags['trust-proxy'] ?? [],
      anonymousRead: flags['anonymous-read'],
      limits: {packed: flags['max-package-size'], unpacked: flags['max-unpacked-size'], files: flags['max-files']},
      version: pluginVersion(this.config),
    }
    const log = createLogger(this.ports.stderr)
    const server = await startServer(options, log, this.ports)
    const {url} = server
    const stopped = runUntilStopped(() => server.stop(), log)
    await this.ports.stdout.write(this.jsonEnabled() ? `${JSON.stringify({url})}\n` : `${url}\n`)
    return stopped
  }
}
