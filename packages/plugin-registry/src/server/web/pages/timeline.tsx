import type {JSX} from 'preact'

interface TimelineProps {
  /** What the timeline shows, for screen readers. */
  label: string
  events: readonly {at: string; label: string}[]
}

const width = 640
const margin = 8

/** Dots on a line from the first event to the last. A table next to it has the same times. Nothing if there are no events. */
export function Timeline({label, events}: TimelineProps): JSX.Element | null {
  const times = events.map(({at}) => Date.parse(at))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  if (events.length === 0) return null
  const positionOf = (time: number) => margin + ((time - first) / (last - first || 1)) * (width - 2 * margin)
  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${width} 24`} role="img" aria-label={`${label}. The table has the times.`}>
        <line x1={margin} y1="12" x2={width - margin} y2="12" />
        {events.map(({at, label: name}, index) => (
          <circle key={index} cx={positionOf(times[index] ?? first).toFixed(1)} cy="12" r="5">
            <title>{`${name}: ${at.slice(0, 16).replace('T', ' ')} UTC`}</title>
          </circle>
        ))}
      </svg>
      <figcaption>
        {[first, last].map((time, index) => (
          <span key={index}>{new Date(time).toISOString().slice(0, 10)}</span>
        ))}
      </figcaption>
    </figure>
  )
}
