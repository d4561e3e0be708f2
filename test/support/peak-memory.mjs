// Loaded into a measured process: notes at its end how much memory it had at its peak, into the file that the
// environment names.
import {readFileSync, writeFileSync} from 'node:fs'
import {isMainThread} from 'node:worker_threads'

/** MiB. Linux hands a process the peak of the one that started it, but for the figure of its own memory alone. */
export function peakMemory() {
  const ownPeak = process.platform === 'linux' && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return (ownPeak ? Number(ownPeak[1]) : process.resourceUsage().maxRSS) / 1024
}

const file = process.env.TEST_PEAK_MEMORY
if (isMainThread && file !== undefined) process.on('exit', () => writeFileSync(file, String(peakMemory())))
