# Fills the database of REDMINE_INSTANCE and writes its users' keys and its numbers to ARGV[0].
require 'json'
require '/usr/share/redmine/config/application'
Rails.application.config.before_initialize { Rails.application.config.eager_load = false }
Rails.application.initialize!

ActiveRecord::Migration.verbose = false
ActiveRecord::Base.connection.execute('PRAGMA synchronous = OFF')
ActiveRecord::Migrator.migrations_paths = ['/usr/share/redmine/db/migrate']
ActiveRecord::Base.connection.migration_context.migrate
ActiveRecord::Base.descendants.each(&:reset_column_information)
Redmine::DefaultData::Loader.load('en')

SETTINGS = { 'rest_api_enabled' => '1', 'text_formatting' => 'textile', 'login_required' => '0',
             'host_name' => 'redmine.test.example', 'mail_from' => 'redmine@test.example',
             'notified_events' => Redmine::Notifiable.all.map(&:name) }.freeze
WRITER = %i[view_issues add_issues edit_issues add_issue_notes view_private_notes
            set_notes_private].freeze
READER = %i[view_issues add_issues add_issue_notes].freeze

def user(login, **more)
  made = User.new(firstname: login, lastname: 'Test', mail: "#{login}@test.example",
                  language: 'en', mail_notification: 'all', status: User::STATUS_ACTIVE, **more)
  made.login = login
  made.password = made.password_confirmation = 'vip-secret-1'
  made.save!
  made
end

def field(name, tracker, **more)
  IssueCustomField.create!(name: name, field_format: 'string', is_for_all: true, searchable: true,
                           trackers: [tracker], **more)
end

def allow_everything(role, trackers)
  pairs = IssueStatus.pluck(:id).permutation(2)
  rows = trackers.product(pairs.to_a).map do |tracker, (from, to)|
    { tracker_id: tracker.id, role_id: role.id, old_status_id: from, new_status_id: to,
      type: 'WorkflowTransition' }
  end
  WorkflowRule.insert_all!(rows)
end

ActiveRecord::Base.transaction do
  SETTINGS.each { |name, value| Setting[name] = value }
  tracker = Tracker.create!(name: 'Melding', default_status: IssueStatus.find_by!(name: 'New'))
  other = Tracker.find_by!(name: 'Support') # in the project as well, without our fields
  writer = Role.create!(name: 'Writer', permissions: WRITER)
  reader = Role.create!(name: 'Reader', permissions: READER)
  allow_everything(writer, [tracker, other])
  project = %w[support other elsewhere].to_h do |name|
    [name, Project.create!(name: name.capitalize, identifier: name, is_public: false,
                           trackers: [tracker, other], enabled_module_names: ['issue_tracking'])]
  end
  people = { vipservice: user('vipservice', mail_notification: 'none'),
             requester: user('requester'), outsider: user('outsider'),
             root: user('root', admin: true, mail_notification: 'none') }
  %w[support other].each do |name|
    Member.create!(project: project[name], user: people[:vipservice], roles: [writer])
  end
  Member.create!(project: project['support'], user: people[:requester], roles: [reader])
  File.write(ARGV[0], JSON.generate(
    key: people[:vipservice].api_key, outsider_key: people[:outsider].api_key,
    root_key: people[:root].api_key, requester_key: people[:requester].api_key,
    project: project['support'].id, tracker: tracker.id, other_tracker: other.id,
    field: field('Vipservice', tracker, is_filter: true).id,
    nofilter_field: field('Nofilter', tracker, is_filter: false).id,
    other_field: field('Elsewhere', other, is_filter: true).id, role: writer.id
  ))
end
