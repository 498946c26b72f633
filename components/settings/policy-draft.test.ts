import { describe, expect, it } from 'vitest';
import { freshPolicy, POLICY_TYPES, placeKeys, policyProblem } from './policy-draft';

describe('a fresh policy', () => {
  it('can be made of every type and is complete, or says what is missing', () => {
    const incomplete = POLICY_TYPES.filter(({ type }) => policyProblem(freshPolicy(type, [])) !== null);
    expect(incomplete.map(({ type }) => type)).toEqual(['node', 'string_attribute']);
  });

  it('gets a name that nobody has', () => {
    expect(freshPolicy('latency', ['latency', 'latency 2']).name).toBe('latency 3');
  });

  it('says where it is incomplete', () => {
    expect(policyProblem(freshPolicy('node', []))).toMatch(/^ids: /);
  });
});

describe('keys of a list of policies', () => {
  it('are unique, and stay with the type when another type is removed', () => {
    expect(placeKeys(['latency', 'node', 'latency'])).toEqual(['latency 0', 'node 0', 'latency 1']);
    expect(placeKeys(['latency', 'latency'])).toEqual(['latency 0', 'latency 1']);
  });
});
