// The script of a page: reads the data in it and builds the page of them, a decision report or a study.

import { drawCharts } from "./charts";
import type { Data } from "./data";
import type { Child } from "./dom";
import { type Language } from "./numbers";
import { reportPage } from "./report";
import type { StudyData } from "./study/data";
import { studyPage } from "./study/page";

// Controls of the direction of writing in a name would turn what stands beside it.
const isolated = (_: string, value: unknown) => (typeof value === "string" ? value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "") : value);
const data = JSON.parse(document.getElementById("data")!.textContent!, isolated) as Data | StudyData;
const language: Language = document.documentElement.lang === "ru" ? "ru" : "en";

const parts: Child[] = "study" in data ? studyPage(data, language) : reportPage(data, language);
for (const part of parts) if (part != null) document.getElementById("report")!.append(part);
drawCharts();
