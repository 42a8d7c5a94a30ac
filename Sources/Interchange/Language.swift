import Corpus

/// The language of a text: characters that exist in one Chinese script only are counted.
enum Language {
  private static let simplified =
    "这国们会来为时说对发个动现经开长书业东车门马见问间电话语学习样谁让从众华关兴义乐专严丰临举么务边达过运进还远连适选递变叶号吗响团园围图圆场坏块坚声处备复够头夺奋妇宁实审宪宽宝对导寿将层岁岛币师带帮广庆应库废张强归当录总恶战户扩扫扬护报担拥择据损换无旧显权条极构标样树桥机杀杂欢残毕气汉汤沟没泽济浅测浓涛润渐温湾满灭灯灵点烂热爱独环现电疗监盖盘着矿确离种积称稳穷窃竞笔简类粮紧红级纪约纯纲纳纵纷纸纺线练组细织终绍经结绕给络统绝继续维综绿缩编缘网罗罚职联聪肃肤胜脉脑腾节芦苏药获营萧虑虚虽蚀补装见观规视览觉训议讯记讲许论设访证评识诉译试诗诚话诞详误请诸读课调谈谊谋谢谨质贡财责贤败货贩贫购贯贵贷贸费贺资赋赏赐赖赛赞赵趋跃践辉输辑边达迁过运这进远违连迟适选逊递遗邓邮郑释钟钢铁银销锋错镇长闪闭闯闲间闹闻阅队阳阴阵阶际陆陈险随难雾静韩页顶项顺须顾顿预领频题颜风飞饭馆马驱驻验骗鱼鲁鸟鸡麦黄齐龙"
  private static let traditional =
    "這國們會來為時說對發個動現經開長書業東車門馬見問間電話語學習樣誰讓從眾華關興義樂專嚴豐臨舉麼務邊達過運進還遠連適選遞變葉號嗎響團園圍圖圓場壞塊堅聲處備復夠頭奪奮婦寧實審憲寬寶導壽將層歲島幣師帶幫廣慶應庫廢張強歸當錄總惡戰戶擴掃揚護報擔擁擇據損換無舊顯權條極構標樹橋機殺雜歡殘畢氣漢湯溝澤濟淺測濃濤潤漸溫灣滿滅燈靈點爛熱愛獨環療監蓋盤礦確離種積稱穩窮竊競筆簡類糧緊紅級紀約純綱納縱紛紙紡線練組細織終紹結繞給絡統絕繼續維綜綠縮編緣網羅罰職聯聰肅膚勝脈腦騰節蘆蘇藥獲營蕭慮虛雖蝕補裝觀規視覽覺訓議訊記講許論設訪證評識訴譯試詩誠誕詳誤請諸讀課調談誼謀謝謹質貢財責賢敗貨販貧購貫貴貸貿費賀資賦賞賜賴賽讚趙趨躍踐輝輸輯遷違遲遜遺鄧郵鄭釋鐘鋼鐵銀銷鋒錯鎮閃閉闖閒鬧聞閱隊陽陰陣階際陸陳險隨難霧靜韓頁頂項順須顧頓預領頻題顏風飛飯館驅駐驗騙魚魯鳥雞麥黃齊龍"

  /// 1 for a character of the simplified script only, 2 for one of the traditional script only, from U+4E00 on.
  private static let scripts: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 0xA000 - 0x4E00)
    for scalar in traditional.unicodeScalars { table[Int(scalar.value) - 0x4E00] = 2 }
    for scalar in simplified.unicodeScalars { table[Int(scalar.value) - 0x4E00] = 1 }
    return table
  }()

  /// `zh-Hans`, `zh-Hant`, `en` or `und`, by the first twenty thousand code points.
  static func of(_ text: Scalars) -> String { of([text]) }

  /// The language of a text that is given in pieces.
  static func of(_ pieces: some Sequence<Scalars>) -> String {
    let table = scripts
    var (count, han, latin, simple, complex) = (0, 0, 0, 0, 0)
    for piece in pieces where count < 20_000 {
      for scalar in piece.prefix(20_000 - count) {
        if scalar.value < 128 {
          if scalar.isLatin { latin += 1 }
        } else if scalar.value >= 0x3400, scalar.value <= 0x9FFF {
          han += 1
          guard scalar.value >= 0x4E00 else { continue }
          let script = table[Int(scalar.value - 0x4E00)]
          if script == 1 { simple += 1 } else if script == 2 { complex += 1 }
        }
      }
      count = min(20_000, count + piece.count)
    }
    if han * 8 >= latin, han > 0 { return complex > simple ? "zh-Hant" : "zh-Hans" }
    return latin > 20 && latin * 2 > count ? "en" : "und"
  }
}
