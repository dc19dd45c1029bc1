// A page that renders itself again every 50 ms, its controls with other keys each time.
import { createElement as make, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const App = () => {
  const [turn, next] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => next((turn) => turn + 1), 50);
    return () => clearInterval(timer);
  }, []);
  const press = () => window.presses++;
  // Another key is another element: React throws the old one away.
  return make('main', { key: Math.floor(turn / 10) }, make('p', null, `Turn ${turn}`),
    make('button', { 'data-tabiji': 'first', onClick: press }, 'First'),
    make('button', { 'data-tabiji': 'second', onClick: press }, 'Second'));
};
createRoot(document.getElementById('app')).render(make(App));
