/** The bundler puts style sheets beside the script; a module only says that it wants one. */
declare module '*.css';
