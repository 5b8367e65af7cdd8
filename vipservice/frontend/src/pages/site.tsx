// What every page does, also one without a script of its own.

import { askBeforeSigningOut } from "../lib/signing-out";
import { keepThePage } from "../lib/stray-files";
import "../styles/index.css";

askBeforeSigningOut();
keepThePage();
