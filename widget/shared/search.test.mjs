// The search over articles and clips.
import assert from 'node:assert/strict';
import test from 'node:test';
import { plain, rank } from './search.js';

const ARTICLES = [
  { title: 'ユーザーを追加するには', words: '管理画面のユーザーから、メールアドレスを入れて招待します。' },
  { title: '請求書はどこで見られますか', words: '設定の「お支払い」から PDF で保存できます。' },
  { title: 'How do I import deals?', words: 'Open Deals, choose Import and pick a CSV file.' },
];
const found = (asked) => rank(asked, ARTICLES).map(({ title }) => title);

test('a question in other words finds its article first', () => {
  assert.equal(found('ユーザーの追加')[0], ARTICLES[0].title);
  assert.equal(found('ﾕｰｻﾞｰ追加したい')[0], ARTICLES[0].title);
  assert.equal(found('請求書')[0], ARTICLES[1].title);
  assert.equal(found('pdf')[0], ARTICLES[1].title);
  assert.equal(found('importing deals')[0], ARTICLES[2].title);
});

test('what nobody wrote about finds nothing', () => {
  assert.deepEqual(found('天気予報'), []);
  assert.deepEqual(found('zebra'), []);
});

test('one letter is looked for as it is', () => {
  assert.deepEqual(found('何'), []);
  assert.equal(found('払')[0], ARTICLES[1].title);
  assert.deepEqual(found('？'), []);
});

test('width, case and spaces are no difference', () => {
  assert.equal(plain('　ＣＳＶ  File '), 'csv file');
});
