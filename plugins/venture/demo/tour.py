"""What a newcomer plays."""

from core.language import mark
from core.manifest import Tour, TourStep
from plugins.venture.demo.places import APPLICANT, DISTRICT, EXPERTS, OFFICER, PAYER

_RESIDENT = "13800000001"

TOUR = Tour(
    code="venture",
    title=mark("一个社会组织申报项目"),
    intro=mark("罗江区：登记组织，申报，评审，公示，合同，分期拨款。"),
    order=20,
    steps=[
        TourStep(
            text=mark("居民登记一个组织 (万安镇，代码 52510604MJX0000070)；代码错一位就会指出来"),
            path="/organizations/new",
            phone=_RESIDENT,
        ),
        TourStep(text=mark("罗江区工作人员在待办里审核，通过"), path="/todo", phone=DISTRICT.phone),
        TourStep(
            text=mark("居民现在是组织负责人：打开正在申报的“邻里互助微创投”，写申报和预算，提交"),
            path="/venture",
            phone=_RESIDENT,
        ),
        TourStep(
            text=mark("专家给“助老微创投”评分：先声明利益关系，再评分，评完两份"),
            path="/venture/reviews",
            phone=EXPERTS[0].phone,
        ),
        TourStep(
            text=mark("支持中心：打开“助老微创投”办理，公布排名；公示要满 5 个工作日"),
            path="/venture",
            phone=OFFICER.phone,
        ),
        TourStep(text=mark("居民对公示中的“儿童友好微创投”提一条异议"), path="/venture", phone=_RESIDENT),
        TourStep(
            text=mark("支持中心在待办里答复异议；“绿色社区微创投”公示期满，定标，确认合同"),
            path="/todo",
            phone=OFFICER.phone,
        ),
        TourStep(
            text=mark("付款经办人付“银龄日间照料站”的中期款：没有中期检查记录，数据库拒绝"),
            path="/todo",
            phone=PAYER.phone,
        ),
        TourStep(text=mark("项目负责人在待办里交中期报告和照片"), path="/todo", phone=APPLICANT.phone),
        TourStep(text=mark("支持中心在待办里审核报告，通过"), path="/todo", phone=OFFICER.phone),
        TourStep(text=mark("付款经办人再付一次：有了凭证，付出去了"), path="/todo", phone=PAYER.phone),
        TourStep(
            text=mark("不登录也能看：谁得到多少，做了什么；雒城街道的 12 个微项目也在这里"), path="/venture"
        ),
    ],
)
