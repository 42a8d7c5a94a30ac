import Dispatch
import Foundation
import Glibc
import Logging
import Service

/// What happens on SIGHUP: the settings that may change while a server runs are read again, and the access log goes on in a
/// new file.
final class Reloading {
  private let source: any DispatchSourceSignal

  /// Takes the signal over.
  /// - Parameters:
  ///   - read: reads the settings as at the start; what it throws leaves the old ones in force.
  ///   - log: takes the new level and form.
  ///   - site: takes the new bounds.
  init(
    from settings: Settings, read: @escaping @Sendable () throws -> Settings, log: Log, site: Site,
    accessLog: AccessLog?, logger: Logger
  ) {
    Foundation.signal(SIGHUP, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: DispatchQueue(label: "rostrum.reloading"))
    source.setEventHandler { @Sendable in
      // First, so that a mistake in the settings does not keep a log from being rotated.
      do { try accessLog?.reopen() } catch { logger.error("the access log stays where it is: \(error)") }
      do {
        let new = try read()
        Self.take(new, log, site)
        let waiting = Setting.all.filter { setting in
          !Setting.reread.contains { $0.key == setting.key } && new.text(setting) != settings.text(setting)
        }.map(\.key)
        logger.notice("settings read again on SIGHUP")
        if !waiting.isEmpty {
          logger.warning("changed settings that wait for the next start: \(waiting.joined(separator: ", "))")
        }
      } catch { logger.error("the settings stay as they were: \(error)") }
    }
    source.resume()
  }

  deinit { source.cancel() }

  /// Has the settings of `Setting.reread` take effect.
  static func take(_ settings: Settings, _ log: Log, _ site: Site) {
    log.set(
      form: Log.Form(rawValue: settings.text(.logForm)) ?? .text,
      level: Logger.Level(rawValue: settings.text(.logLevel)) ?? .info)
    site.adjust(
      slowSeconds: Double(settings.integer(.slowQuery)) / 1000, leastFreeBytes: settings.integer(.leastFree))
  }
}
