"""The decisions of a call for projects. Pure.

Sources give no ratios, lines or days: these are this project's proposal, as parameters; a call keeps those
of the day on which it was drafted.
"""

from core.language import mark
from core.manifest import Parameter

CALL, APPLICATION, CONTRACT = "venture.call", "venture.application", "venture.contract"
REPORT = "venture.report"
OFFICER, PAYER, EXPERT = "venture.officer", "venture.payer", "venture.expert"
MANAGE, PAY, SCORE = "venture.manage", "venture.pay", "venture.score"

PUBLICITY = "venture.publicity_days"
FEWEST = "venture.fewest_scores"
TRIM = "venture.trim_from"
LINE = "venture.award_line"
FIRST, SECOND = "venture.first_bp", "venture.second_bp"
WORKDAYS = "venture.workdays"

PARAMETERS = (
    Parameter(
        code=PUBLICITY, title=mark("公示多少个工作日"), default=5, minimum=1, maximum=30, unit=mark("工作日")
    ),
    Parameter(
        code=FEWEST, title=mark("每个项目最少有效评分"), default=3, minimum=1, maximum=15, unit=mark("份")
    ),
    Parameter(
        code=TRIM,
        title=mark("有效评分达到多少份时去掉最高和最低"),
        default=5,
        minimum=4,
        maximum=99,
        unit=mark("份"),
    ),
    Parameter(code=LINE, title=mark("入围分数线 (满分 100)"), default=60, minimum=0, maximum=100),
    Parameter(
        code=FIRST, title=mark("首付款比例"), default=5000, minimum=1, maximum=9998, unit=mark("万分之一")
    ),
    Parameter(
        code=SECOND, title=mark("中期款比例"), default=3000, minimum=1, maximum=9998, unit=mark("万分之一")
    ),
    Parameter(
        code=WORKDAYS,
        title=mark("放假和调休 (从某天起：0 按星期，1 放假，2 上班)"),
        default=0,
        maximum=2,
        scopes=("platform",),
    ),
)

CRITERIA_MOST, LINES_MOST, FILES_MOST = 5, 20, 6
BUDGET_MOST_FEN = 10**10
CATEGORIES = {
    "labour": mark("人员劳务"),
    "volunteers": mark("志愿者补贴"),
    "materials": mark("活动物料"),
    "venue": mark("场地"),
    "travel": mark("交通"),
    "publicity": mark("宣传"),
    "training": mark("培训督导"),
    "evaluation": mark("评估审计"),
    "management": mark("管理费"),
    "tax": mark("税费"),
}
CLAUSES = (
    mark("项目款专款专用，按申报书的预算使用，收支有凭证。"),
    mark(
        "项目款存放在本合同的专户里，分三期拨付：合同生效后付首付款，中期检查通过后付中期款，结项验收通过后付尾款。"
    ),
    mark("乙方按节点提交报告和照片；项目的进展和拨款向社会公开。"),
    mark("没有使用或不符合约定的款项应当退回。"),
)
