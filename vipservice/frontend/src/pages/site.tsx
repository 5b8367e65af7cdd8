// What every page does, also one without a script of its own.

import { person } from "../lib/page";
import { openShelf } from "../lib/shelf";
import { askBeforeSigningOut } from "../lib/signing-out";
import { keepThePage } from "../lib/stray-files";
import "../styles/index.css";

askBeforeSigningOut(openShelf(person));
keepThePage();
