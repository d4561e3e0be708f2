// Preloaded into a measured process. On exit, writes its resource usage to the file BENCH_USAGE.
import {writeFileSync} from 'node:fs'
import {isMainThread} from 'node:worker_threads'

if (isMainThread) {
  process.on('exit', () => {
    const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage()
    const usage = {cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024}
    writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage))
  })
}
