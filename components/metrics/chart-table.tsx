'use client';

/** The table behind a chart: one row a step, newest first, every line a column. */
import { ScrollRegion } from '@/components/ui/scroll-region';
import { Table, Td, Th } from '@/components/ui/table';
import { formatClockMs, formatUnit } from '@/lib/base/format';
import type { ChartData, ChartLine } from './chart-data';

interface ChartTableProps {
  readonly title: string;
  readonly data: ChartData;
  readonly unit: string;
  readonly label: (line: ChartLine) => string;
}

export function ChartTable({ title, data, unit, label }: ChartTableProps) {
  return (
    <ScrollRegion label={`${title}, table`} className="h-full overflow-auto">
      <Table label={title}>
        <thead>
          <tr>
            <Th>time</Th>
            {data.lines.map((line) => (
              <Th key={line.key} figure>
                {label(line)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.toReversed().map((row) => (
            <tr key={row.t}>
              <Td className="num">{formatClockMs(row.t)}</Td>
              {data.lines.map((line) => (
                <Td key={line.key} figure>
                  {formatUnit(row[line.key], unit)}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </ScrollRegion>
  );
}
