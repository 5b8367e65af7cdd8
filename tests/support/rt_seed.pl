# Fills the database that RT_SITE_CONFIG names and writes the users' tokens to the file $ARGV[0].
use strict;
use warnings;

my ($answer) = @ARGV;
@ARGV = qw(--action init --dba none --dba-password none);
do '/usr/sbin/rt-setup-database-5';    # in this process: loading RT takes a second
die $@ if $@;
require RT;
require JSON;

sub made {
    my ( $class, %values ) = @_;
    my $new = $class->new( RT->SystemUser );
    my ( $done, $why ) = $new->Create(%values);
    die "$class: $why\n" unless $done;
    return $new;
}

sub token {
    my ($user) = @_;
    my $token = RT::AuthToken->new( RT->SystemUser );
    my ( $done, $why, $text ) = $token->Create( Owner => $user->id, Description => 'tests' );
    die "token: $why\n" unless $done;
    return $text;
}

sub grant {
    my ( $user, $object, @rights ) = @_;
    for my $right (@rights) {
        my ( $done, $why ) = $user->PrincipalObj->GrantRight( Right => $right, Object => $object );
        die "$right: $why\n" unless $done;
    }
}

my %user = map {
    $_ => made( 'RT::User', Name => $_, EmailAddress => "$_\@test.example", Privileged => 1 )
} qw(vipservice outsider);
$user{jeroen} = made( 'RT::User', Name => 'jeroen', EmailAddress => 'jeroen@test.example' );
$user{root} = RT::User->new( RT->SystemUser );
$user{root}->Load('root');

my $queue = made( 'RT::Queue', Name => 'Support' );
grant( $user{vipservice}, $queue, qw(SeeQueue ShowTicket ShowTicketComments CreateTicket
    CommentOnTicket ReplyToTicket) );
for my $right (qw(SeeQueue ShowTicket ReplyToTicket)) {    # what whom a ticket is for may do
    my ( $done, $why ) = $queue->RoleGroup('Requestor')->PrincipalObj->GrantRight(
        Right => $right, Object => $queue );
    die "$right: $why\n" unless $done;
}
for my $name ( 'External Reference', 'Chat URL' ) {
    my $field = made( 'RT::CustomField', Name => $name, Type => 'FreeformSingle',
        LookupType => RT::Ticket->CustomFieldLookupType );
    my ( $done, $why ) = $field->AddToObject($queue);
    die "$name: $why\n" unless $done;
    grant( $user{vipservice}, $field, qw(SeeCustomField SetInitialCustomField) );
}

open my $file, '>', $answer or die "$answer: $!";
print $file JSON::encode_json( { map { $_ => token( $user{$_} ) } keys %user } );
close $file or die "$answer: $!";
