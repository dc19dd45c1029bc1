// Which addresses fit a stop's page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits } from './route.js';

test('a star stands for any run of characters, and a fragment counts only where it is named', () => {
  for (const [pattern, address, expected] of [
    ['/users', '/users', true],
    ['/users', '/users/7', false],
    ['/users', '/users#new', true],
    ['/users#new', '/users#new', true],
    ['/users#new', '/users', false],
    ['/users*', '/users/7', true],
    ['/*/edit', '/deals/7/edit', true],
    ['/*/edit', '/deals/7', false],
    ['*a*', 'banana', true],
    ['a*a', 'a', false],
    ['*', '', true],
    ['/a.b', '/axb', false],
  ])
    assert.equal(fits(pattern, address), expected, `${pattern} on ${address}`);
});
