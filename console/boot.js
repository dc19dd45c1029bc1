// Starts the console; the build puts in CONSOLE_WASM.
import './alert.js';
import init from './pkg/tabiji_console.js';

init({ module_or_path: 'assets/' + CONSOLE_WASM });
