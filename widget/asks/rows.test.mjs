// What people paste, and the rows that come of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './rows.js';

const NAME = { id: 'name', label: '名前' };
const MAIL = { id: 'mail', label: 'アドレス', kind: 'email' };
const YEN = { id: 'yen', label: '金額', kind: 'number' };
const people = (text) => read(text, [NAME, MAIL]).map((row) => [row.values.name, row.values.mail, row.wrong ?? (row.double ? 'double' : 'good')]);

test('one person a line, however name and address are put', () => {
  for (const line of [
    '山田\ty@x.jp', '山田, y@x.jp', '山田、y@x.jp', '山田 y@x.jp', '山田 <y@x.jp>', '"山田" <y@x.jp>', '山田（y@x.jp）', '山田 (y@x.jp)',
    '山田：y@x.jp。', 'y@x.jp 山田', '　山田　ｙ＠ｘ．ｊｐ', '山田,"y@x.jp"',
  ])
    assert.deepEqual(people(line), [['山田', 'y@x.jp', 'good']], line);
});

test('commas and brackets that belong to a name stay in it', () => {
  assert.deepEqual(people('"Yamada, Taro" <y@x.jp>'), [['Yamada, Taro', 'y@x.jp', 'good']]);
  assert.deepEqual(people('株式会社A, B\ty@x.jp'), [['株式会社A, B', 'y@x.jp', 'good']]);
  assert.deepEqual(people('山田 太郎 (営業), y@x.jp'), [['山田 太郎 (営業)', 'y@x.jp', 'good']]);
  assert.deepEqual(people("Pat, o'brien@x.com"), [['Pat', "o'brien@x.com", 'good']]);
});

test('the recipients of a mail are a row each', () => {
  assert.deepEqual(people('山田 <a@x.jp>, 鈴木 <b@x.jp>; 佐藤 <c@x.jp>'), [
    ['山田', 'a@x.jp', 'good'],
    ['鈴木', 'b@x.jp', 'good'],
    ['佐藤', 'c@x.jp', 'good'],
  ]);
  assert.equal(read('a@x.jp, b@x.jp', [MAIL]).length, 2);
});

test('what is missing, wrong or there twice is said', () => {
  assert.deepEqual(people('y@x.jp'), [['', 'y@x.jp', '名前']]);
  assert.deepEqual(people('山田 y.x.jp'), [['山田 y.x.jp', '', 'アドレス']]);
  assert.deepEqual(people('山田 y@x.jp\n佐藤 Y@x.jp'), [['山田', 'y@x.jp', 'good'], ['佐藤', 'Y@x.jp', 'double']]);
  // A row that is wrong itself makes no other one a double.
  assert.deepEqual(people('y@x.jp\n山田 y@x.jp').map((row) => row[2]), ['名前', 'good']);
  assert.equal(read('山田\ty@x.jp\t部長', [NAME, MAIL])[0].wrong, 'アドレス');
});

test('numbers come in any width, with their commas', () => {
  for (const line of ['商談\t1,200', '商談,"1,200"', '商談、１２００', '商談\t¥1,200'])
    assert.deepEqual(read(line, [NAME, YEN])[0], { line, values: { name: '商談', yen: '1200' }, wrong: undefined, double: false }, line);
  assert.equal(read('商談\t多い', [NAME, YEN])[0].wrong, '金額');
});

test('columns keep their places when a cell is empty', () => {
  const columns = [{ id: 'team', label: '部署', optional: true }, NAME, { id: 'role', label: '役割' }];
  assert.deepEqual(read('\t山田\t部長', columns)[0].values, { team: '', name: '山田', role: '部長' });
  const between = [NAME, { id: 'role', label: '役割', optional: true }, MAIL];
  assert.deepEqual(read('山田, y@x.jp', between)[0].values, { name: '山田', role: '', mail: 'y@x.jp' });
});

test('heads and empty lines are no rows', () => {
  assert.deepEqual(people('名前\tアドレス\n\n山田\ty@x.jp\n'), [['山田', 'y@x.jp', 'good']]);
});
