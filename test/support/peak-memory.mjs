// Preloaded into a measured process. On exit, writes its peak memory to the file TEST_PEAK_MEMORY.
import {readFileSync, writeFileSync} from 'node:fs'
import {isMainThread} from 'node:worker_threads'

/** Returns the peak memory in MiB. On Linux, `maxRSS` can be that of the parent process, so this reads `VmHWM` instead. */
export function peakMemory() {
  const ownPeak = process.platform === 'linux' && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return (ownPeak ? Number(ownPeak[1]) : process.resourceUsage().maxRSS) / 1024
}

const file = process.env.TEST_PEAK_MEMORY
if (isMainThread && file !== undefined) process.on('exit', () => writeFileSync(file, String(peakMemory())))
