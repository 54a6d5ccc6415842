"""What is said in 罗江's part of the demo world."""

from core.language import mark
from core.manifest import Tour, TourStep
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Criterion

PLACES = (
    ("四川省", "province", "510000"),
    ("德阳市", "city", "510600"),
    ("罗江区", "county", "510604"),
    ("万安镇", "street", None),
)
CENTRE = "罗江区城乡社区创新发展支持中心"
SIGNED_CALL, OPEN_CALL = "罗江区社区公益创投 (样例)", "罗江区邻里互助微创投 (样例)"
SUMMARY = (
    "面向城乡社区的养老、育儿、助残、环境和文化需求，资助社会组织与村（社区）一起解决身边的问题。"
    "金额、分数和日期都是演示样例。"
)
CRITERIA = (
    Criterion("需求真实", 35),
    Criterion("方案可行", 30),
    Criterion("团队能力", 20),
    Criterion("预算合理", 15),
)
# (organization, project): invented.
PROJECTS = (
    ("样样乐社会工作服务中心", "银龄日间照料站"),
    ("样禾助老服务中心", "独居老人一键敲门"),
    ("样苗儿童成长中心", "四点半课堂"),
    ("样桥残障支持中心", "无障碍出行伙伴"),
    ("样绿环境服务中心", "垃圾分类到楼栋"),
    ("样书阅读推广中心", "乡村流动书箱"),
    ("样心心理服务中心", "邻里解忧站"),
    ("样田乡村发展中心", "村口小菜摊"),
    ("样艺文化服务中心", "川剧进院坝"),
    ("样康健康促进会", "慢病互助小组"),
    ("样安应急互助会", "院落消防小教官"),
    ("样暖志愿服务协会", "老旧小区微维修"),
    ("样法公益法律服务中心", "社区调解工作坊"),
    ("样青青少年服务中心", "暑期河道守护队"),
    ("样厨社区食堂服务中心", "老年助餐点"),
    ("样织妇女创业服务中心", "巧手工坊"),
    ("样星孤独症支持中心", "星星的周末"),
    ("样邻社区营造中心", "楼道会客厅"),
    ("样河流域保护中心", "凯江清滩日"),
    ("样声视障服务中心", "听见电影"),
    ("样归退役军人服务中心", "老兵讲堂"),
    ("样光摄影公益社", "百家全家福"),
    ("样茶文化研究会", "茶馆议事厅"),
    ("样动体育服务中心", "坝坝健身课"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
NEED = "附近的居民多次提出：{project}所说的事没有人长期在做，{n}户家庭需要帮助。"
PLAN = "每周两次活动，由社工带领志愿者和居民骨干一起做；每月公开一次进展和花费，半年后由居民小组接着做。"
MIDTERM = "{project}已经开展 {n} 次活动，居民骨干能独立带领一半的活动，花费在预算以内。"
FINAL = "{project}完成全部活动，居民小组接手，账目和凭证已经整理。"


def budget(asked_yuan: int) -> list[BudgetLine]:
    """Three lines that are together what is asked."""
    labour, materials = asked_yuan * 45 // 100, asked_yuan * 35 // 100
    parts = (
        ("labour", "社工带领", labour),
        ("materials", "活动物料", materials),
        ("volunteers", "志愿者交通和误餐", asked_yuan - labour - materials),
    )
    return [BudgetLine(category, item, 1, yuan * 100) for category, item, yuan in parts]


TOUR = Tour(
    code="venture",
    title=mark("一个社会组织申报项目"),
    intro=mark("罗江区：登记组织，申报，评审，公示，合同，分期拨款。"),
    order=20,
    steps=[
        TourStep(
            text=mark("居民登记一个组织，代码会当场核对。"), path="/organizations/new", phone="13800000001"
        ),
        TourStep(
            text=mark("罗江区工作人员审核。"),
            path="/organizations",
            phone="13800001006",
        ),
        TourStep(
            text=mark("组织负责人打开正在申报的公益创投，写申报和预算。"),
            path="/venture",
            phone="13800001000",
        ),
        TourStep(
            text=mark("支持中心办理：聘专家、开始评审、公布排名、定标。"),
            path="/venture",
            phone="13800001001",
        ),
        TourStep(
            text=mark("专家先声明利益关系，再评分。"),
            path="/venture/reviews",
            phone="13800001003",
        ),
        TourStep(
            text=mark("付款经办人付一笔已申请的项目款：没有凭证，数据库不付。"),
            path="/todo",
            phone="13800001002",
        ),
        TourStep(text=mark("人人可看：谁得到多少，做了什么。"), path="/projects"),
    ],
)
