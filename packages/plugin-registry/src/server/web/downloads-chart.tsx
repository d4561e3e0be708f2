import type {JSX} from 'preact'

import type {BodyOf} from './call.js'
import {DataTable} from './data-table.js'

type Week = BodyOf<'getDownloads'>['weeks'][number]

/** In units of the drawing. */
const bar = {width: 16, gap: 4, height: 64}

/** Downloads of each week as bars, with the same numbers in a table. */
export function DownloadsChart({weeks}: {weeks: readonly Week[]}): JSX.Element {
  const most = Math.max(...weeks.map(({downloads}) => downloads))
  if (most <= 0) return <p class="faint">None in the last {weeks.length} weeks</p>
  const width = weeks.length * (bar.width + bar.gap) - bar.gap
  return (
    <>
      <p>
        <strong>{(weeks.at(-1)?.downloads ?? 0).toLocaleString('en')}</strong> in the last 7 days
      </p>
      <svg
        class="chart"
        viewBox={`0 0 ${width} ${bar.height}`}
        role="img"
        aria-label="Downloads a week, as in the table"
      >
        {weeks.map(({from, downloads}, position) => (
          <Bar key={from} {...{position, share: downloads / most}} />
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <DataTable label="Downloads a week" columns={['From', 'To', 'Downloads']}>
          {weeks.toReversed().map(({from, to, downloads}) => (
            <tr key={from}>
              <td>{from}</td>
              <td>{to}</td>
              <td class="number">{downloads.toLocaleString('en')}</td>
            </tr>
          ))}
        </DataTable>
      </details>
    </>
  )
}

/** @param share of the highest bar, from 0 to 1 */
function Bar({position, share}: {position: number; share: number}): JSX.Element {
  // A week without downloads has a line.
  const height = Math.max(1, Math.round(share * bar.height))
  return <rect x={position * (bar.width + bar.gap)} y={bar.height - height} width={bar.width} height={height} />
}
