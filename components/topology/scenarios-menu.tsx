'use client';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuCheckItem, MenuGroup } from '@/components/ui/menu';
import { showToast } from '@/components/ui/toast';
import { errorMessage } from '@/lib/client/api-error';
import { useScenarioSwitch } from '@/lib/client/mutations';
import { useScenarios } from '@/lib/client/queries';

/** Incidents to learn with: each injects real faults into the demo pipeline until it is switched off. */
export function ScenariosMenu() {
  const [opened, setOpened] = useState(false);
  const { data, error } = useScenarios(opened);
  const change = useScenarioSwitch();
  const scenarios = data?.scenarios ?? [];
  const toggle = (name: string, on: boolean) =>
    change.mutate({ name, on }, { onError: (failure) => showToast(errorMessage(failure), 'bad') });
  return (
    <Menu
      className="w-96"
      onOpenChange={(open) => open && setOpened(true)}
      trigger={
        <Button className="bg-surface">
          <FlaskConical size={13} aria-hidden="true" />
          Scenarios
        </Button>
      }
    >
      <MenuGroup label="Incidents to play on the demo pipeline">
        {scenarios.map((scenario) => (
          <MenuCheckItem
            key={scenario.name}
            checked={scenario.active}
            onChange={(on) => toggle(scenario.name, on)}
          >
            <span className="min-w-0">
              <span className="text-ink">{scenario.title}</span>
              <span className="block text-xs text-ink-3">{scenario.description}</span>
            </span>
          </MenuCheckItem>
        ))}
        {scenarios.length === 0 ? (
          <p className="px-2 py-1 text-ink-3">
            {error ? errorMessage(error) : data ? 'This engine plays none.' : 'Loading …'}
          </p>
        ) : null}
      </MenuGroup>
    </Menu>
  );
}
